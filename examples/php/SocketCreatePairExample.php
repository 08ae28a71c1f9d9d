<?php
// 實例一:同進程的通訊
$sockets = [];
// Windows 需要使用 AF_INET 協議
$domain = strtoupper(substr(PHP_OS, 0, 3)) == 'WIN' ? AF_INET : AF_UNIX;
// 創建一對無名的套接字,並將它們存儲在 $sockets 數組中
if (socket_create_pair($domain, SOCK_STREAM, 0, $sockets) === false) {
    echo 'socket_create_pair failed. Reason: ' . socket_strerror(socket_last_error());
}
// 寫入數據
$write_string = "ABCdef123\n";
$write_string_length = strlen($write_string);
if (socket_write($sockets[0], $write_string, $write_string_length) === false) {
    echo 'socket_write() failed. Reason: ' . socket_strerror(socket_last_error($sockets[0]));
}
// 讀取上面寫入的數據
if (($read_string = socket_read($sockets[1], $write_string_length, PHP_BINARY_READ)) === false) {
    echo 'socket_read() failed. Reason: ' . socket_strerror(socket_last_error($sockets[1]));
}
var_dump($read_string);
/* 關閉套接字 */
socket_close($sockets[0]);
socket_close($sockets[1]);
