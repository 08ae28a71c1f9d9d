package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AddressInfoTest extends Face {

    @Test
    void a_lookup_finds_what_was_asked_for() {
        List<AddressInfo> found = found(
                "127.0.0.1", "2000", Map.of("ai_family", AF_INET, "ai_socktype", SOCK_DGRAM, "ai_flags", AI_CANONNAME));

        assertThat(found).hasSize(1);
        assertThat(socket_addrinfo_explain(found.getFirst()))
                .containsExactly(
                        Map.entry("ai_flags", AI_CANONNAME),
                        Map.entry("ai_family", AF_INET),
                        Map.entry("ai_socktype", SOCK_DGRAM),
                        Map.entry("ai_protocol", SOL_UDP),
                        Map.entry("ai_canonname", "127.0.0.1"),
                        Map.entry("ai_addr", Map.of("sin_port", 2000, "sin_addr", "127.0.0.1")));
    }

    @Test
    void an_address_of_ipv6_has_keys_of_its_own() {
        List<AddressInfo> found = found("::1", "80", Map.of("ai_socktype", SOCK_STREAM));

        assertThat(socket_addrinfo_explain(found.getFirst()))
                .containsEntry("ai_addr", Map.of("sin6_port", 80, "sin6_addr", "::1"))
                .doesNotContainKey("ai_canonname");
        assertThat(socket_addrinfo_lookup("127.0.0.1")).isNotEmpty();
        assertThat(socket_addrinfo_lookup("127.0.0.1", null)).isNotEmpty();
    }

    @Test
    void an_unknown_hint_is_an_error_and_an_unknown_host_is_false_and_silent() {
        assertThatThrownBy(() -> socket_addrinfo_lookup("127.0.0.1", "2000", Map.of("x", 1)))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_addrinfo_lookup(): Argument #3 ($hints) must only contain array keys \"ai_flags\","
                        + " \"ai_socktype\", \"ai_protocol\", or \"ai_family\"");
        assertThat(socket_addrinfo_lookup("nosuch.invalid")).isNull();
        assertThat(socket_addrinfo_lookup("")).isNull();

        assertThat(socket_last_error()).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void why_nothing_is_found_is_a_number_of_the_resolver() {
        var code = new Ref<Integer>();

        assertThat(socket_addrinfo_lookup("127.0.0.1", "2000", Map.of(), code)).isNotEmpty();
        assertThat(code.value).isNull();
        assertThat(socket_addrinfo_lookup("x", null, Map.of("ai_flags", AI_NUMERICHOST), code))
                .isNull();
        assertThat(code.value).isEqualTo(EAI_NONAME);
        assertThat(socket_addrinfo_lookup("127.0.0.1", "nosuch", Map.of("ai_family", AF_UNSPEC), code))
                .isNull();
        assertThat(code.value).isEqualTo(EAI_SERVICE);
    }

    @Test
    void a_hint_has_a_range() {
        for (String key : List.of("ai_flags", "ai_socktype", "ai_protocol")) {
            assertThatThrownBy(() -> socket_addrinfo_lookup("127.0.0.1", "1", Map.of(key, -1)))
                    .isInstanceOf(ValueError.class)
                    .hasMessage("socket_addrinfo_lookup(): Argument #3 ($hints) \"" + key
                            + "\" key must be between 0 and 2147483647");
        }
        assertThatThrownBy(() -> socket_addrinfo_lookup("127.0.0.1", "1", Map.of("ai_family", AF_UNIX)))
                .isInstanceOf(ValueError.class)
                .hasMessage(
                        "socket_addrinfo_lookup(): Argument #3 ($hints) \"ai_family\" key must be AF_INET or AF_INET6");
    }

    @Test
    void a_socket_is_bound_or_connected_to_what_was_found() {
        AddressInfo any =
                found("127.0.0.1", "0", Map.of("ai_socktype", SOCK_DGRAM)).getFirst();
        Socket bound = keep(socket_addrinfo_bind(any));
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(bound, new Ref<>(), port)).isTrue();
        AddressInfo there = found("127.0.0.1", port.value + "", Map.of("ai_socktype", SOCK_DGRAM))
                .getFirst();

        Socket connected = keep(socket_addrinfo_connect(there));

        assertThat(socket_write(connected, "hello")).isEqualTo(5);
        assertThat(text(socket_read(bound, 10))).isEqualTo("hello");
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void what_cannot_be_bound_or_connected_is_false_and_a_warning() {
        var port = new Ref<Integer>();
        Socket listener = listener(port);
        AddressInfo taken = found("127.0.0.1", port.value + "", Map.of("ai_socktype", SOCK_STREAM))
                .getFirst();
        assertThat(socket_addrinfo_bind(taken)).isNull();
        assertThat(socket_last_error()).isEqualTo(SOCKET_EADDRINUSE);
        socket_close(listener);
        assertThat(socket_addrinfo_connect(taken)).isNull();

        assertThat(warnings)
                .containsExactly(
                        "socket_addrinfo_bind(): Unable to bind address [98]: Address already in use",
                        "socket_addrinfo_connect(): Unable to connect address [111]: Connection refused");
    }

    private static List<AddressInfo> found(String host, String service, Map<String, Integer> hints) {
        return Objects.requireNonNull(socket_addrinfo_lookup(host, service, hints));
    }
}
