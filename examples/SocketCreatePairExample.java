import static dev.dyad.php.Sockets.*;

import dev.dyad.php.Socket;
import java.util.Locale;

/// 實例一:同進程的通訊
public final class SocketCreatePairExample {

    public static void main(String[] arguments) {
        Socket[] sockets = new Socket[2];
        // Windows 需要使用 AF_INET 協議
        int domain = PHP_OS.substring(0, 3).toUpperCase(Locale.ROOT).equals("WIN") ? AF_INET : AF_UNIX;
        // 創建一對無名的套接字,並將它們存儲在 sockets 數組中
        if (socket_create_pair(domain, SOCK_STREAM, 0, sockets) == false) {
            echo("socket_create_pair failed. Reason: " + socket_strerror(socket_last_error()));
        }
        // 寫入數據
        String write_string = "ABCdef123\n";
        int write_string_length = strlen(write_string);
        if (socket_write(sockets[0], write_string, write_string_length) == -1) {
            echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[0])));
        }
        // 讀取上面寫入的數據
        byte[] read_string;
        if ((read_string = socket_read(sockets[1], write_string_length, PHP_BINARY_READ)) == null) {
            echo("socket_read() failed. Reason: " + socket_strerror(socket_last_error(sockets[1])));
        }
        var_dump(read_string);
        /* 關閉套接字 */
        socket_close(sockets[0]);
        socket_close(sockets[1]);
    }
}
