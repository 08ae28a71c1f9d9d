import static dev.dyad.php.Pcntl.*;
import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Socket;
import java.util.Arrays;
import java.util.Locale;

/// 實例二:不同進程之間的通訊
public final class SocketCreatePairIpcExample {

    static final String parent_message = "我是父級進程";
    static final String child_message = "我是子進程";

    public static void main(String[] arguments) {
        Socket[] sockets = new Socket[2];
        // Windows 需要使用 AF_INET 協議
        int domain = PHP_OS.substring(0, 3).toUpperCase(Locale.ROOT).equals("WIN") ? AF_INET : AF_UNIX;
        // 創建一對無名的套接字,並將它們存儲在 sockets 數組中
        if (socket_create_pair(domain, SOCK_STREAM, 0, sockets) == false) {
            echo("socket_create_pair failed. Reason: " + socket_strerror(socket_last_error()));
        }
        // 創建一個新的進程(子進程),子進程從 child 方法開始往下執行
        int pid = pcntl_fork(SocketCreatePairIpcExample::child, sockets);
        if (pid == -1) {
            echo("錯誤,不能創建進程");
        } else {
            // 父進程
            socket_close(sockets[0]);
            if (socket_write(sockets[1], parent_message, strlen(parent_message)) == -1) {
                echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[1])));
            }
            if (equal(socket_read(sockets[1], strlen(child_message), PHP_BINARY_READ), child_message)) {
                echo("父進程收到子進程信息: " + child_message + "\n");
            }
            socket_close(sockets[1]);
        }
    }

    static void child(Socket[] sockets) {
        // 子進程
        socket_close(sockets[1]);
        if (socket_write(sockets[0], child_message, strlen(child_message)) == -1) {
            echo("socket_write() failed. Reason: " + socket_strerror(socket_last_error(sockets[0])));
        }
        if (equal(socket_read(sockets[0], strlen(parent_message), PHP_BINARY_READ), parent_message)) {
            echo("子進程收到父進程信息: " + parent_message + "\n");
        }
        socket_close(sockets[0]);
    }

    static boolean equal(byte[] read, String message) {
        return Arrays.equals(read, message.getBytes(UTF_8));
    }
}
