<?php
// 實例二:不同進程之間的通訊
const parent_message = '我是父級進程';
const child_message = '我是子進程';

$sockets = [];
// Windows 需要使用 AF_INET 協議
$domain = strtoupper(substr(PHP_OS, 0, 3)) == 'WIN' ? AF_INET : AF_UNIX;
// 創建一對無名的套接字,並將它們存儲在 $sockets 數組中
if (socket_create_pair($domain, SOCK_STREAM, 0, $sockets) === false) {
    echo 'socket_create_pair failed. Reason: ' . socket_strerror(socket_last_error());
}
// 創建一個新的進程(子進程)
$pid = pcntl_fork();
if ($pid == -1) {
    echo '錯誤,不能創建進程';
} elseif ($pid) {
    // 父進程
    socket_close($sockets[0]);
    if (socket_write($sockets[1], parent_message, strlen(parent_message)) === false) {
        echo 'socket_write() failed. Reason: ' . socket_strerror(socket_last_error($sockets[1]));
    }
    if (socket_read($sockets[1], strlen(child_message), PHP_BINARY_READ) == child_message) {
        echo '父進程收到子進程信息: ' . child_message . "\n";
    }
    socket_close($sockets[1]);
    pcntl_wait($status);
} else {
    // 子進程
    socket_close($sockets[1]);
    if (socket_write($sockets[0], child_message, strlen(child_message)) === false) {
        echo 'socket_write() failed. Reason: ' . socket_strerror(socket_last_error($sockets[0]));
    }
    if (socket_read($sockets[0], strlen(parent_message), PHP_BINARY_READ) == parent_message) {
        echo '子進程收到父進程信息: ' . parent_message . "\n";
    }
    socket_close($sockets[0]);
}
