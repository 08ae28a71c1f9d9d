import static dev.dyad.php.Sockets.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.Socket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A chat over one thread: what anybody says is heard by all others.
///
/// - `java Chat.java PATH` is where they meet
/// - `java Chat.java PATH NAME` listens until somebody says something
/// - `java Chat.java PATH NAME WORDS` says something
public final class Chat {

    public static void main(String[] arguments) {
        if (arguments.length == 1) {
            meet(arguments[0]);
        } else {
            talk(arguments[0], arguments[1], arguments.length > 2 ? arguments[2] : "");
        }
    }

    static void meet(String path) {
        Socket listener = socket_create(AF_UNIX, SOCK_STREAM, 0);
        socket_bind(listener, path);
        socket_listen(listener, 10);
        Map<Integer, Socket> clients = new LinkedHashMap<>();
        Map<Integer, String> names = new HashMap<>();
        int next = 0;
        echo("open\n");
        while (true) {
            Map<Integer, Socket> read = new LinkedHashMap<>(clients);
            read.put(-1, listener);
            socket_select(read.values(), null, null, null);
            for (Map.Entry<Integer, Socket> entry : read.entrySet()) {
                int key = entry.getKey();
                Socket socket = entry.getValue();
                if (key == -1) {
                    clients.put(next++, socket_accept(listener));
                    continue;
                }
                byte[] line = socket_read(socket, 1000, PHP_BINARY_READ);
                if (line == null || line.length == 0) {
                    socket_close(socket);
                    clients.remove(key);
                    echo(names.get(key) + " left\n");
                } else if (!names.containsKey(key)) {
                    names.put(key, new String(line, UTF_8).stripTrailing());
                    echo(names.get(key) + " came\n");
                    socket_write(socket, "welcome\n");
                } else {
                    clients.forEach((other, client) -> {
                        if (other != key) {
                            socket_write(client, names.get(key) + ": " + new String(line, UTF_8));
                        }
                    });
                }
            }
        }
    }

    static void talk(String path, String name, String words) {
        Socket socket = socket_create(AF_UNIX, SOCK_STREAM, 0);
        socket_connect(socket, path);
        socket_write(socket, name + "\n");
        echo(new String(socket_read(socket, 1000, PHP_NORMAL_READ), UTF_8));
        if (words.isEmpty()) {
            echo(new String(socket_read(socket, 1000, PHP_NORMAL_READ), UTF_8));
        } else {
            socket_write(socket, words + "\n");
        }
        socket_close(socket);
    }
}
