package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What there is where the JDK has to do.
class WithoutNativeAccessTest {

    @Test
    void the_pair_works_and_all_else_says_what_it_needs() throws Exception {
        JavaProbe.Result result =
                JavaProbe.of(Program.class, "-").options("-Ddyad.platform=none").run();

        assertThat(result.outText()).describedAs(result.toString()).isEqualTo("""
                5 hello 0
                socket_create
                socket_create_listen
                socket_recv
                socket_select
                socket_get_option
                socket_set_option
                socket_set_nonblock
                socket_shutdown
                socket_getsockname
                socket_sendmsg
                socket_addrinfo_lookup
                socket_export_stream
                has already been closed
                """);
    }

    /// Runs in a JVM without native access.
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            var pair = new Socket[2];
            boolean _ = socket_create_pair(AF_UNIX, SOCK_STREAM, 0, pair);
            echo(socket_write(pair[0], "hello") + " " + Face.text(socket_read(pair[1], 10)) + " "
                    + socket_last_error(pair[0]) + "\n");
            for (Map.Entry<String, Runnable> call : calls(pair[0]).entrySet()) {
                try {
                    call.getValue().run();
                } catch (UnsupportedOperationException e) {
                    String start = call.getKey() + "() needs native access, which there is not: -Ddyad.platform=none";
                    echo((start.equals(e.getMessage()) ? call.getKey() : e.getMessage()) + "\n");
                }
            }
            socket_close(pair[0]);
            try {
                socket_read(pair[0], 1);
            } catch (PhpError e) {
                echo(String.valueOf(e.getMessage()).replaceAll(".*\\) ", "") + "\n");
            }
            socket_close(pair[1]);
        }

        private static Map<String, Runnable> calls(Socket socket) {
            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("socket_create", () -> socket_create(AF_UNIX, SOCK_STREAM, 0));
            calls.put("socket_create_listen", () -> socket_create_listen(0));
            calls.put("socket_recv", () -> socket_recv(socket, new Ref<>(), 1, 0));
            calls.put("socket_select", () -> socket_select(new ArrayList<>(List.of(socket)), null, null, 0));
            calls.put("socket_get_option", () -> socket_get_option(socket, SOL_SOCKET, SO_TYPE));
            calls.put("socket_set_option", () -> socket_set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1));
            calls.put("socket_set_nonblock", () -> socket_set_nonblock(socket));
            calls.put("socket_shutdown", () -> socket_shutdown(socket));
            calls.put("socket_getsockname", () -> socket_getsockname(socket, new Ref<>()));
            calls.put("socket_sendmsg", () -> socket_sendmsg(socket, Map.of()));
            calls.put("socket_addrinfo_lookup", () -> socket_addrinfo_lookup("localhost"));
            calls.put("socket_export_stream", () -> socket_export_stream(socket));
            return calls;
        }
    }
}
