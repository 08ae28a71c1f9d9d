package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.Faults;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Whose thread waits for a server of names: in a JVM of its own, which watches the calls of one thread.
class ResolverTest {

    private static final List<String> LOOKUPS = List.of("gethostbyname_r", "getaddrinfo", "getaddrinfo");

    /// Looks hosts up in each of the ways that there are.
    static final class Lookups {

        public static void main(String[] arguments) throws Exception {
            Sockets.onWarning(_ -> {});
            Thread.ofPlatform().start(() -> say("platform")).join();
            Thread.ofVirtual().start(() -> say("virtual")).join();
        }

        private static void say(String thread) {
            Socket ipv4 = Objects.requireNonNull(socket_create(AF_INET, SOCK_DGRAM, 0));
            Socket ipv6 = Objects.requireNonNull(socket_create(AF_INET6, SOCK_DGRAM, 0));
            Faults.watch();
            boolean isBound = socket_bind(ipv4, "localhost");
            boolean isFound = socket_bind(ipv6, "nosuch.invalid");
            boolean isLooked = socket_addrinfo_lookup("localhost") != null;
            List<String> calls = Faults.end();
            System.out.println(thread + ": " + isBound + " " + isFound + " " + isLooked + " "
                    + calls.stream().filter(LOOKUPS::contains).toList());
        }
    }

    @Test
    void a_virtual_thread_waits_for_no_server_in_a_call_of_its_own() throws Exception {
        JavaProbe.Result result =
                JavaProbe.of(Lookups.class).options("-Ddyad.faults").run();

        assertThat(result.outText())
                .isEqualTo("platform: true false true " + LOOKUPS + "\nvirtual: true false true []\n");
    }
}
