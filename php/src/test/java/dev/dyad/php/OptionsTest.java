package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest extends Face {

    private static final String UNSET = "socket_set_option(): Unable to set socket option ";

    @Test
    void a_pair_has_the_options_of_a_pair() {
        Socket[] pair = pair();

        assertThat(socket_get_option(pair[0], SOL_SOCKET, SO_TYPE)).isEqualTo(SOCK_STREAM);
        assertThat(socket_get_option(pair[0], SOL_SOCKET, SO_ERROR)).isEqualTo(0);
        assertThat(socket_get_option(pair[0], SOL_SOCKET, 39)).isEqualTo(AF_UNIX);
        assertThat(socket_get_option(pair[0], SOL_SOCKET, 17))
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(socket_get_option(pair[0], SOL_TCP, TCP_NODELAY)).isNull();
        assertThat(warnings)
                .containsExactly(
                        "socket_get_option(): Unable to retrieve socket option [95]:" + " Operation not supported");
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EOPNOTSUPP);
    }

    @Test
    void what_is_set_is_read_back() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1)).isTrue();
        assertThat(socket_get_option(socket, SOL_SOCKET, SO_REUSEADDR)).isEqualTo(1);
        assertThat(socket_setopt(socket, SOL_SOCKET, SO_REUSEADDR, "no")).isTrue();
        assertThat(socket_getopt(socket, SOL_SOCKET, SO_REUSEADDR)).isEqualTo(0);
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_SNDBUF, 5000L + (1L << 33)))
                .isTrue();
        assertThat(socket_get_option(socket, SOL_SOCKET, SO_SNDBUF)).isEqualTo(10000);
        assertThat(socket_set_option(socket, SOL_TCP, TCP_NODELAY, true)).isTrue();
        assertThat(socket_get_option(socket, SOL_TCP, TCP_NODELAY)).isEqualTo(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void what_an_option_does_not_answer_is_zero() {
        Socket socket = create(AF_INET, SOCK_DGRAM);

        assertThat(socket_get_option(socket, IPPROTO_IP, 4)).isEqualTo(0); // IP_OPTIONS, of which there are none
    }

    @Test
    void a_read_does_not_wait_for_the_low_water_mark() {
        Socket[] pair = pair();
        assertThat(socket_set_option(pair[1], SOL_SOCKET, SO_RCVLOWAT, 5)).isTrue();
        assertThat(socket_get_option(pair[1], SOL_SOCKET, SO_RCVLOWAT)).isEqualTo(5);

        assertThat(socket_write(pair[0], "one")).isEqualTo(3);

        assertThat(text(socket_read(pair[1], 10))).isEqualTo("one");
    }

    @Test
    void after_a_time_of_less_than_nothing_nothing_waits() {
        Socket[] pair = pair();
        assertThat(socket_set_option(pair[0], SOL_SOCKET, SO_RCVTIMEO, Map.of("sec", -1, "usec", 0)))
                .isTrue();
        assertThat(socket_set_option(pair[0], SOL_SOCKET, SO_SNDTIMEO, Map.of("sec", -2, "usec", 5)))
                .isTrue();
        assertThat(socket_get_option(pair[0], SOL_SOCKET, SO_RCVTIMEO)).isEqualTo(Map.of("sec", 0, "usec", 0));

        assertThat(socket_read(pair[0], 5)).isNull();
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EAGAIN);
        assertThat(socket_write(pair[0], new byte[1 << 20])).isBetween(1, (1 << 20) - 1);
        assertThat(socket_write(pair[0], "x")).isEqualTo(-1);

        assertThat(socket_set_option(pair[0], SOL_SOCKET, SO_RCVTIMEO, Map.of("sec", 0, "usec", 0)))
                .isTrue();
        var reading = new FutureTask<>(() -> text(socket_read(pair[0], 5)));
        Thread.startVirtualThread(reading);
        assertThat(socket_write(pair[1], "there")).isEqualTo(5);
        assertThat(reading).succeedsWithin(LIMIT).isEqualTo("there");
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {SO_RCVTIMEO, SO_SNDTIMEO})
    void a_time_that_is_no_int_is_told_as_it_was_set(int option) {
        Socket[] pair = pair();
        var time = Map.of("sec", 1L << 31, "usec", 0);

        assertThat(socket_set_option(pair[0], SOL_SOCKET, option, time)).isTrue();
        Object told = socket_get_option(pair[0], SOL_SOCKET, option);

        assertThat(told).isEqualTo(time);
        assertThat(socket_write(pair[1], "x")).isEqualTo(1);
        assertThat(text(socket_read(pair[0], 1))).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"0x1.00000000001p64, 1048576", "1e300, 0", "NaN, 0", "4294967298.9, 2"})
    void a_float_that_is_no_int_wraps(double number, int value) {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_set_option(socket, SOL_SOCKET, SO_BUSY_POLL, number)).isTrue();

        assertThat(socket_get_option(socket, SOL_SOCKET, SO_BUSY_POLL)).isEqualTo(value);
    }

    @Test
    void an_object_is_one_and_a_warning() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_set_option(socket, SOL_SOCKET, SO_REUSEADDR, socket)).isTrue();
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_LINGER, Map.of("l_onoff", new Object(), "l_linger", 1)))
                .isTrue();
        assertThatThrownBy(() -> socket_set_option(
                        socket, IPPROTO_IP, MCAST_JOIN_GROUP, Map.of("group", new Object(), "interface", 0)))
                .isExactlyInstanceOf(PhpError.class)
                .hasMessage("Object of class Object could not be converted to string");

        assertThat(socket_get_option(socket, SOL_SOCKET, SO_REUSEADDR)).isEqualTo(1);
        assertThat(warnings)
                .containsExactly(
                        "Object of class Socket could not be converted to int",
                        "Object of class Object could not be converted to int");
    }

    @ParameterizedTest
    @ValueSource(ints = {SO_RCVTIMEO, SO_SNDTIMEO})
    void a_time_has_two_keys(int option) {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertMissing(socket, option, Map.of(), "sec");
        assertMissing(socket, option, List.of(1, 2), "sec");
        assertMissing(socket, option, new Object(), "sec");
        assertWrongType(socket, option, 5, "array", option == SO_RCVTIMEO ? "SO_RCVTIMEO, int" : "SO_SNDTIMEO, int");
        assertMissing(socket, option, Map.of("sec", 1), "usec");
        assertThat(socket_set_option(socket, SOL_SOCKET, option, Map.of("sec", 1, "usec", "aaaaa")))
                .isTrue();
        assertThat(socket_get_option(socket, SOL_SOCKET, option)).isEqualTo(Map.of("sec", 1, "usec", 0));
        assertThat(socket_set_option(socket, SOL_SOCKET, option, Map.of("sec", 1, "usec", 1_000_000)))
                .isFalse();
        assertThat(socket_last_error(socket)).isEqualTo(33);
        assertThat(warnings).containsExactly(UNSET + "[33]: Numerical argument out of domain");
    }

    @Test
    void a_linger_has_two_keys() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertWrongType(socket, SO_LINGER, null, "array", "SO_LINGER, null");
        assertWrongType(socket, SO_LINGER, true, "array", "SO_LINGER, true");
        assertMissing(socket, SO_LINGER, Map.of("l_onoff", 1), "l_linger");
        assertThat(socket_get_option(socket, SOL_SOCKET, SO_LINGER)).isEqualTo(Map.of("l_onoff", 0, "l_linger", 0));
        for (int out : new int[] {-1, 65_536}) {
            assertOutOfRange(
                    socket, SOL_SOCKET, SO_LINGER, Map.of("l_onoff", out, "l_linger", out), "\"l_onoff\" ", 65535);
            assertOutOfRange(
                    socket, SOL_SOCKET, SO_LINGER, Map.of("l_onoff", 0, "l_linger", out), "\"l_linger\" ", 65535);
        }
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_LINGER, Map.of("l_onoff", 2, "l_linger", 65_535)))
                .isTrue();
        assertThat(socket_get_option(socket, SOL_SOCKET, SO_LINGER))
                .isEqualTo(Map.of("l_onoff", 1, "l_linger", 65_535));
    }

    @Test
    void numbers_of_later_options_have_a_range() {
        Socket tcp = create(AF_INET, SOCK_STREAM);
        Socket udp = create(AF_INET, SOCK_DGRAM);

        assertThat(socket_set_option(tcp, SOL_TCP, TCP_USER_TIMEOUT, 500)).isTrue();
        assertThat(socket_get_option(tcp, SOL_TCP, TCP_USER_TIMEOUT)).isEqualTo(500);
        assertOutOfRange(tcp, SOL_TCP, TCP_USER_TIMEOUT, -1, "", 4294967295L);
        assertThat(socket_set_option(udp, SOL_UDP, UDP_SEGMENT, 500)).isTrue();
        assertThat(socket_get_option(udp, SOL_UDP, UDP_SEGMENT)).isEqualTo(500);
        assertOutOfRange(udp, SOL_UDP, UDP_SEGMENT, 65_536, "", 65535);
    }

    @Test
    void a_filter_chooses_among_sockets_that_share_a_port_and_is_taken_away() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1)).isTrue();
        assertThat(socket_bind(socket, "127.0.0.1")).isTrue();

        assertThat(socket_set_option(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, SKF_AD_CPU))
                .isTrue();
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, 0))
                .isTrue();
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, 50))
                .isFalse();
        assertThat(socket_set_option(socket, IPPROTO_IP + 99, SO_ATTACH_REUSEPORT_CBPF, SKF_AD_CPU))
                .isFalse();
        assertWrongType(socket, SO_ATTACH_REUSEPORT_CBPF, "x", "int", "SO_ATTACH_REUSEPORT_CBPF, string");

        assertThat(warnings)
                .containsExactly("socket_set_option(): Unsupported CBPF filter", "socket_set_option(): Invalid level");
    }

    @Test
    void the_form_of_an_option_is_known_by_its_number_alone() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThatThrownBy(() -> socket_setopt(socket, SOL_TCP, 20, 5))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_setopt(): Argument #4 ($value) must be of type array when argument #3 ($option) is"
                        + " SO_RCVTIMEO, int given");
        assertThatThrownBy(() -> socket_set_option(socket, SOL_TCP, TCP_NOTSENT_LOWAT, 1))
                .isInstanceOf(TypeError.class);
    }

    @Test
    void an_option_that_is_none_sets_the_slot_that_clearing_clears() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_set_option(socket, -1, -1, -1)).isFalse();

        assertThat(socket_last_error(socket)).isNotZero();
        assertThat(warnings).hasSize(1);
        socket_clear_error(socket);
        assertThat(socket_last_error(socket)).isZero();
    }

    @Test
    void memory_and_congestion_have_keys_of_their_own() {
        Socket socket = create(AF_INET, SOCK_STREAM);

        assertThat(socket_get_option(socket, SOL_SOCKET, SO_MEMINFO))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys(
                        "rmem_alloc",
                        "rcvbuf",
                        "wmem_alloc",
                        "sndbuf",
                        "fwd_alloc",
                        "wmem_queued",
                        "optmem",
                        "backlog",
                        "drops");
        assertThat(socket_get_option(socket, SOL_TCP, TCP_CONGESTION))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("name");
        assertThat(socket_set_option(socket, SOL_TCP, TCP_CONGESTION, "nosuch")).isFalse();
        assertThat(socket_set_option(socket, SOL_TCP, TCP_CONGESTION, "")).isFalse();
        assertWrongType(socket, SO_BINDTODEVICE, 1.5, "string", "SO_BINDTODEVICE, float");
        assertThat(socket_set_option(socket, SOL_SOCKET, SO_BINDTODEVICE, "nosuch"))
                .isFalse();
        assertThat(warnings)
                .containsExactly(
                        UNSET + "[2]: No such file or directory",
                        UNSET + "[22]: Invalid argument",
                        UNSET + "[19]: No such device");
    }

    @ParameterizedTest
    @CsvSource({"0, 33, 256, 0 and 255", "0, 33, -1, 0 and 255", "41, 18, 256, -1 and 255", "41, 18, -2, -1 and 255"})
    void a_multicast_goes_only_so_far(int level, int option, int value, String range) {
        Socket socket = create(level == IPPROTO_IP ? AF_INET : AF_INET6, SOCK_DGRAM);

        assertThatThrownBy(() -> socket_set_option(socket, level, option, value))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_set_option(): Argument #4 ($value) must be between " + range);
        assertThat(socket_set_option(socket, level, option, "254")).isTrue();
        assertThat(socket_get_option(socket, level, option)).isEqualTo(254);
    }

    @Test
    void a_multicast_comes_back_or_not() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        Socket socket6 = create(AF_INET6, SOCK_DGRAM);

        assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_LOOP, "0"))
                .isTrue();
        assertThat(socket_get_option(socket, IPPROTO_IP, IP_MULTICAST_LOOP)).isEqualTo(0);
        assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_LOOP, 256))
                .isTrue();
        assertThat(socket_get_option(socket, IPPROTO_IP, IP_MULTICAST_LOOP)).isEqualTo(1);
        assertThat(socket_set_option(socket6, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0))
                .isTrue();
        assertThat(socket_get_option(socket6, IPPROTO_IPV6, IPV6_MULTICAST_LOOP))
                .isEqualTo(0);
    }

    @Test
    void a_multicast_leaves_by_an_interface() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        Socket socket6 = create(AF_INET6, SOCK_DGRAM);

        for (Object value : new Object[] {"lo", 1}) {
            assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_IF, value))
                    .isTrue();
            assertThat(socket_get_option(socket, IPPROTO_IP, IP_MULTICAST_IF)).isEqualTo(1);
            assertThat(socket_set_option(socket6, IPPROTO_IPV6, IPV6_MULTICAST_IF, value))
                    .isTrue();
            assertThat(socket_get_option(socket6, IPPROTO_IPV6, IPV6_MULTICAST_IF))
                    .isEqualTo(1);
        }
        assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_IF, 0)).isTrue();
        assertThat(socket_get_option(socket, IPPROTO_IP, IP_MULTICAST_IF)).isEqualTo(0);
        assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_IF, "nosuch"))
                .isFalse();
        assertThat(socket_set_option(socket, IPPROTO_IP, IP_MULTICAST_IF, 9999)).isFalse();
        assertThatThrownBy(() -> socket_set_option(socket6, IPPROTO_IPV6, IPV6_MULTICAST_IF, -1))
                .isInstanceOf(ValueError.class)
                .hasMessage("Index must be between 0 and 4294967295");
        assertThat(warnings)
                .containsExactly(
                        "socket_set_option(): No interface with name \"nosuch\" could be found",
                        "socket_set_option(): Failed obtaining address for interface 9999: error 19");
    }

    @Test
    void a_group_is_joined_and_left() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        Map<String, Object> group = Map.of("group", "224.0.0.23", "interface", "lo");

        assertThat(socket_set_option(socket, IPPROTO_IP, MCAST_JOIN_GROUP, group))
                .isTrue();
        assertThat(socket_set_option(socket, IPPROTO_IP, MCAST_JOIN_GROUP, group))
                .isFalse();
        assertThat(socket_last_error(socket)).isEqualTo(SOCKET_EADDRINUSE);
        assertThat(socket_set_option(socket, IPPROTO_IP, MCAST_LEAVE_GROUP, group))
                .isTrue();
        Map<String, Object> source = new HashMap<>(group);
        assertThatThrownBy(() -> socket_set_option(socket, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, source))
                .isInstanceOf(ValueError.class)
                .hasMessage("No key \"source\" passed in optval");
        source.put("source", "127.0.0.1");
        assertThat(socket_set_option(socket, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, source))
                .isTrue();
        assertThat(socket_set_option(socket, IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP, source))
                .isTrue();
        assertThatThrownBy(() -> socket_set_option(socket, IPPROTO_IP, MCAST_JOIN_GROUP, 5))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_set_option(): Argument #4 ($value) must be of type array when argument #3 ($option)"
                        + " is MCAST_LEAVE_GROUP, int given");
    }

    @Test
    void a_socket_of_the_unix_domain_has_no_group_whatever_is_given_as_one() {
        Socket[] pair = pair();

        for (Object group : List.of("224.0.0.23", List.of())) {
            assertThatThrownBy(() -> socket_set_option(
                            pair[0], IPPROTO_IP, MCAST_JOIN_GROUP, Map.of("group", group, "interface", 0)))
                    .isInstanceOf(ValueError.class)
                    .hasMessage("IP address used in the context of an unexpected type of socket");
        }

        assertThat(warnings).containsExactly("Array to string conversion");
    }

    @Test
    void a_packet_information_is_converted_with_warnings_that_say_where() {
        Socket socket = create(AF_INET6, SOCK_DGRAM);
        String path = "socket_set_option(): error converting user data (path: in6_pktinfo";

        assertThat(setInfo(socket, 5)).isFalse();
        assertThat(setInfo(socket, Map.of())).isFalse();
        assertThat(setInfo(socket, Map.of("addr", "::1"))).isFalse();
        assertThat(setInfo(socket, Map.of("addr", "::1", "ifindex", "nosuch"))).isFalse();
        assertThat(setInfo(socket, Map.of("addr", "::1", "ifindex", -1))).isFalse();
        assertThat(setInfo(socket, Map.of("addr", "::", "ifindex", "lo"))).isTrue();
        Map<String, @Nullable Object> ofNoHost = new HashMap<>(Map.of("ifindex", 0));
        ofNoHost.put("addr", null);
        assertThat(setInfo(socket, ofNoHost)).isFalse();
        int lookup = socket_last_error();
        assertThat(lookup).isLessThan(-10000);
        socket_clear_error();

        assertThat(warnings)
                .containsExactly(
                        path + "): expected an array here",
                        path + "): The key 'addr' is required",
                        path + "): The key 'ifindex' is required",
                        path + " > ifindex): no interface with name \"nosuch\" could be found",
                        path + " > ifindex): the interface index cannot be negative or larger than 4294967295;"
                                + " given -1",
                        "socket_set_option(): Host lookup failed [" + lookup + "]: " + socket_strerror(lookup),
                        path + " > addr): could not resolve address '' to get an AF_INET6 address");
        assertThat(socket_last_error()).isZero();
        assertThat(socket_get_option(create(AF_INET, SOCK_DGRAM), IPPROTO_IPV6, IPV6_PKTINFO))
                .isNull();
        assertThat(warnings).last().asString().startsWith("socket_get_option(): unable to get socket option [");
    }

    private static boolean setInfo(Socket socket, Object value) {
        return socket_set_option(socket, IPPROTO_IPV6, IPV6_PKTINFO, value);
    }

    @Test
    void a_closed_socket_is_an_error() {
        Socket closed = create(AF_INET, SOCK_STREAM);
        socket_close(closed);

        assertThatIsClosed("socket_get_option", () -> socket_get_option(closed, -1, -1));
        assertThatIsClosed("socket_set_option", () -> socket_set_option(closed, SOL_SOCKET, SO_LINGER, 1));
    }

    @SuppressWarnings("NullAway") // what callers without a checker do
    private static void assertWrongType(
            Socket socket, int option, @Nullable Object value, String type, String optionAndType) {
        assertThatThrownBy(() -> socket_set_option(socket, SOL_SOCKET, option, value))
                .isInstanceOf(TypeError.class)
                .hasMessage("socket_set_option(): Argument #4 ($value) must be of type " + type
                        + " when argument #3 ($option) is " + optionAndType + " given");
    }

    private static void assertOutOfRange(Socket socket, int level, int option, Object value, String key, long most) {
        assertThatThrownBy(() -> socket_set_option(socket, level, option, value))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_set_option(): Argument #4 ($value) " + key + "must be between 0 and " + most);
    }

    @SuppressWarnings("NullAway") // what callers without a checker do
    private static void assertMissing(Socket socket, int option, @Nullable Object value, String key) {
        assertThatThrownBy(() -> socket_set_option(socket, SOL_SOCKET, option, value))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_set_option(): Argument #4 ($value) must have key \"" + key + "\"");
    }
}
