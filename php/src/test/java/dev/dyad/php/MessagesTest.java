package dev.dyad.php;

import static dev.dyad.php.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.socket.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest extends Face {

    private static final String SEND = "socket_sendmsg(): error converting user data (path: msghdr";
    private static final String RECEIVE = "socket_recvmsg(): error converting user data (path: msghdr";

    private final Map<String, Object> message = new HashMap<>();

    @Test
    void a_message_is_what_its_parts_are_together() {
        Socket[] pair = pair();

        assertThat(socket_sendmsg(pair[0], Map.of())).isZero();
        assertThat(socket_sendmsg(pair[0], Map.of("iov", Arrays.asList("ab", bytes("cd"), 5, null))))
                .isEqualTo(5);

        message.put("controllen", 100);
        message.put("buffer_size", 3);
        message.put("unknown", "ignored");
        assertThat(socket_recvmsg(pair[1], message)).isEqualTo(3);
        assertThat(message).containsOnlyKeys("name", "control", "iov", "flags");
        assertThat(message.get("name")).isNull();
        assertThat(message.get("control")).isEqualTo(List.of());
        assertThat(text(iov())).isEqualTo("abc");
        assertThat(message.get("flags")).isEqualTo(0);
    }

    @Test
    void an_object_is_no_text_and_nothing_is_sent() {
        Socket[] pair = pair();

        for (Object object : List.of(new Object(), pair[0], new Ref<>("abc"))) {
            assertThatThrownBy(() -> socket_sendmsg(pair[0], Map.of("iov", List.of("a", object))))
                    .isExactlyInstanceOf(PhpError.class)
                    .hasMessage("Object of class " + object.getClass().getSimpleName()
                            + " could not be converted to string");
        }
        message.put("buffer_size", new Object());
        assertThatThrownBy(() -> receive(pair[1], 10)).isExactlyInstanceOf(PhpError.class);
        assertThat(socket_set_nonblock(pair[1])).isTrue();
        assertThat(socket_read(pair[1], 1)).isNull();
        assertThat(warnings).isEmpty();
    }

    @Test
    void an_absurd_room_for_a_message_takes_up_no_memory() throws Exception {
        Socket[] pair = pair();
        message.put("buffer_size", 100 * 1024 * 1024);
        assertThat(socket_write(pair[0], "hello")).isEqualTo(5);

        long before = peakKilobytes();
        assertThat(receive(pair[1], 1 << 30)).isEqualTo(5);

        assertThat(text(iov())).isEqualTo("hello");
        assertThat(peakKilobytes()).isLessThan(before + 60_000);
    }

    private static long peakKilobytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void an_address_without_a_path_is_a_name_that_nobody_has() {
        Socket socket = create(AF_UNIX, SOCK_DGRAM);

        assertThat(socket_sendmsg(socket, Map.of("name", Map.of(), "iov", List.of("x"))))
                .isEqualTo(-1);
        assertThat(socket_last_error(socket)).isEqualTo(SOCKET_ECONNREFUSED);
    }

    @Test
    void the_end_is_zero_and_no_bytes_and_a_cut_message_says_so() {
        Socket[] pair = pair();
        socket_close(pair[0]);
        assertThat(receive(pair[1], 10)).isZero();
        assertThat(message.get("iov")).isEqualTo(List.of());

        Socket[] datagrams = pair(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_write(datagrams[0], "0123456789")).isEqualTo(10);
        message.clear();
        message.put("buffer_size", 4);
        assertThat(receive(datagrams[1], 10)).isEqualTo(4);
        assertThat(message.get("flags")).isEqualTo(MSG_TRUNC);
    }

    @Test
    void a_large_message_over_a_stream_is_sent_whole() throws Exception {
        Socket[] pair = pair();
        var sending = new FutureTask<>(() ->
                socket_sendmsg(pair[0], Map.of("iov", List.of(new byte[500_000], new byte[500_000]))));
        Thread.ofVirtual().start(sending);
        int received = 0;
        while (received < 1_000_000) {
            byte[] piece = socket_read(pair[1], 65536);
            received += Objects.requireNonNull(piece).length;
        }
        assertThat(sending.get()).isEqualTo(1_000_000);
    }

    @Test
    void a_sender_has_a_name() {
        Socket socket = create(AF_INET, SOCK_DGRAM);
        assertThat(socket_bind(socket, "127.0.0.1")).isTrue();
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(socket, new Ref<>(), port)).isTrue();

        assertThat(socket_sendmsg(
                        socket,
                        Map.of("name", Map.of("addr", "127.0.0.1", "port", value(port)), "iov", List.of("hello"))))
                .isEqualTo(5);

        message.put("name", Map.of("addr", "ignored"));
        assertThat(receive(socket, 10)).isEqualTo(5);
        assertThat(message.get("name")).isEqualTo(Map.of("family", AF_INET, "addr", "127.0.0.1", "port", value(port)));
    }

    @Test
    void a_sender_of_ipv6_has_a_scope_and_a_flow() {
        Socket socket = create(AF_INET6, SOCK_DGRAM);
        assertThat(socket_bind(socket, "::1")).isTrue();
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(socket, new Ref<>(), port)).isTrue();

        assertThat(socket_sendmsg(
                        socket,
                        Map.of(
                                "name",
                                Map.of("addr", "::1", "port", value(port), "flowinfo", 0, "scope_id", 0),
                                "iov",
                                List.of("hello"))))
                .isEqualTo(5);

        message.put("name", Map.of());
        assertThat(receive(socket, 10)).isEqualTo(5);
        assertThat(message.get("name"))
                .isEqualTo(
                        Map.of("family", AF_INET6, "addr", "::1", "port", value(port), "flowinfo", 0, "scope_id", 0));
    }

    @Test
    void a_path_may_be_abstract() {
        String name = name();
        Socket server = create(AF_UNIX, SOCK_DGRAM);
        Socket client = create(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_bind(server, name)).isTrue();

        assertThat(socket_sendmsg(client, Map.of("name", Map.of("path", name), "iov", List.of("hello"))))
                .isEqualTo(5);

        message.put("name", Map.of());
        assertThat(receive(server, 10)).isEqualTo(5);
        assertThat(message.get("name")).isNull();
        assertThat(text(iov())).isEqualTo("hello");
    }

    @Test
    void sockets_and_files_are_handed_over_in_their_order(@TempDir Path folder) throws Exception {
        Socket[] carrier = pair();
        Socket[] cargo = pair();
        Path file = Files.writeString(folder.resolve("file"), "content");
        try (var descriptor = Descriptor.open(file)) {
            assertThat(socket_sendmsg(
                            carrier[0],
                            Map.of(
                                    "iov",
                                    List.of("x"),
                                    "control",
                                    List.of(Map.of(
                                            "level",
                                            SOL_SOCKET,
                                            "type",
                                            SCM_RIGHTS,
                                            "data",
                                            List.of(cargo[0], cargo[1], descriptor))))))
                    .isEqualTo(1);
        }

        assertThat(receive(carrier[1], socket_cmsg_space(SOL_SOCKET, SCM_RIGHTS, 3)))
                .isEqualTo(1);

        List<?> data = (List<?>) Objects.requireNonNull(control(0).get("data"));
        assertThat(data).hasSize(3);
        Socket first = keep((Socket) data.get(0));
        Socket second = keep((Socket) data.get(1));
        assertThat(socket_write(first, "through one")).isEqualTo(11);
        assertThat(text(socket_read(cargo[1], 100))).isEqualTo("through one");
        assertThat(socket_write(second, "through the other")).isEqualTo(17);
        assertThat(text(socket_read(cargo[0], 100))).isEqualTo("through the other");
        try (var received = (Descriptor) Objects.requireNonNull(data.get(2));
                var channel = received.toFileChannel()) {
            assertThat(channel.size()).isEqualTo(7);
        }
    }

    @Test
    void credentials_come_where_they_are_asked_for() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_set_option(pair[1], SOL_SOCKET, SO_PASSCRED, 1)).isTrue();
        int pid = (int) ProcessHandle.current().pid();
        assertThat(socket_write(pair[0], "x")).isEqualTo(1);
        int space = socket_cmsg_space(SOL_SOCKET, SCM_CREDENTIALS);

        assertThat(receive(pair[1], space)).isEqualTo(1);

        assertThat(control(0)).isNotNull();
        Map<?, ?> sender = (Map<?, ?>) Objects.requireNonNull(control(0).get("data"));
        assertThat(sender.get("pid")).isEqualTo(pid);
        assertThat(socket_sendmsg(
                        pair[0],
                        Map.of(
                                "iov",
                                List.of("y"),
                                "control",
                                List.of(Map.of("level", SOL_SOCKET, "type", SCM_CREDENTIALS, "data", sender)))))
                .isEqualTo(1);
        message.clear();
        assertThat(receive(pair[1], space)).isEqualTo(1);
        assertThat(control(0).get("data")).isEqualTo(sender);
    }

    @Test
    void where_a_packet_came_in_is_told() {
        Socket socket = create(AF_INET6, SOCK_DGRAM);
        assertThat(socket_bind(socket, "::1")).isTrue();
        assertThat(socket_set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)).isTrue();
        assertThat(socket_set_option(socket, IPPROTO_IPV6, IPV6_RECVTCLASS, 1)).isTrue();
        var port = new Ref<Integer>();
        assertThat(socket_getsockname(socket, new Ref<>(), port)).isTrue();
        assertThat(socket_sendmsg(
                        socket,
                        Map.of(
                                "name",
                                Map.of("addr", "::1", "port", value(port)),
                                "iov",
                                List.of("x"),
                                "control",
                                List.of(
                                        Map.of("level", IPPROTO_IPV6, "type", IPV6_TCLASS, "data", 40),
                                        Map.of(
                                                "level",
                                                IPPROTO_IPV6,
                                                "type",
                                                IPV6_PKTINFO,
                                                "data",
                                                Map.of("addr", "::1", "ifindex", "lo"))))))
                .isEqualTo(1);

        assertThat(receive(socket, 200)).isEqualTo(1);

        assertThat(control(0).get("data")).isEqualTo(Map.of("addr", "::1", "ifindex", 1));
        assertThat(control(1).get("data")).isEqualTo(40);
    }

    @Test
    void what_there_is_no_room_for_is_a_warning_and_nothing_leaks() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        assertThat(socket_set_option(pair[1], SOL_SOCKET, SO_PASSCRED, 1)).isTrue();
        assertThat(socket_set_option(pair[1], SOL_SOCKET, 29, 1)).isTrue(); // SO_TIMESTAMP, which PHP does not know
        Map<String, Object> rights = Map.of(
                "iov",
                List.of("x"),
                "control",
                List.of(Map.of("level", SOL_SOCKET, "type", SCM_RIGHTS, "data", List.of(pair[0], pair[1]))));
        int before = Descriptors.held().size();
        assertThat(socket_sendmsg(pair[0], rights)).isEqualTo(1);
        assertThat(socket_sendmsg(pair[0], rights)).isEqualTo(1);

        assertThat(receive(pair[1], 300)).isEqualTo(1);
        assertThat(message).isEmpty();
        assertThat(receive(pair[1], 20)).isEqualTo(1);

        assertThat(warnings)
                .containsExactly(
                        "socket_recvmsg(): error converting native data (path: msghdr > control > element #1 > data):"
                                + " cmsghdr with level 1 and type 29 not supported",
                        "socket_recvmsg(): error converting native data (path: msghdr > control > element #1 > data):"
                                + " cmsghdr with level 1 and type 29 not supported");
        assertThat(Descriptors.held()).hasSize(before);
    }

    @Test
    void a_pidfd_that_came_with_a_message_is_not_kept() {
        Socket[] pair = pair(AF_UNIX, SOCK_DGRAM);
        boolean _ = socket_set_option(pair[1], SOL_SOCKET, 76, 1); // SO_PASSPIDFD, which is there since Linux 6.5
        int before = Descriptors.held().size();
        assertThat(socket_sendmsg(pair[0], Map.of("iov", List.of("x")))).isEqualTo(1);

        assertThat(receive(pair[1], 300)).isEqualTo(1);

        assertThat(Descriptors.held()).hasSize(before);
    }

    @Test
    void what_a_message_has_to_be_is_said_with_the_place_where_it_is_not() {
        Socket[] pair = pair();
        Socket datagrams = create(AF_UNIX, SOCK_DGRAM);
        Socket inet = create(AF_INET, SOCK_DGRAM);

        refused(pair[0], Map.of("iov", "x"), " > iov): expected an array here");
        refused(pair[0], Map.of("name", "x"), " > name): expected an array here");
        refused(datagrams, name("path", ""), " > name > path): the path is must not be empty");
        refused(
                datagrams,
                name("path", "a".repeat(108)),
                " > name > path): the path is too long, the maximum permitted length is 107");
        refused(
                datagrams,
                name("family", AF_INET),
                " > name): the specified family (number 2) is not supported on this socket");
        refused(
                datagrams,
                name("family", AF_INET6),
                " > name): the specified family (AF_INET6) is not supported on this socket");
        refused(
                datagrams,
                name("family", 99),
                " > name): the only families currently supported are AF_INET, AF_INET6 and AF_UNIX");
        refused(
                datagrams,
                name("family", "x"),
                " > name > family): expected an integer, but got a non numeric string"
                        + " (possibly from a converted object): 'x'");
        refused(
                inet,
                name("port", 70_000),
                " > name > port): given PHP integer is out of bounds for an unsigned 16-bit integer");
        refused(pair[0], Map.of("control", "x"), " > control): expected an array here");
        refused(pair[0], control("x"), " > control > element #0): expected an array here");
        refused(pair[0], control(Map.of()), " > control > element #0): The key 'level' is required");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", 99)),
                " > control > element #0): cmsghdr with level 1 and type 99 not supported");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", SCM_RIGHTS)),
                " > control > element #0): cmsghdr should have a 'data' element here");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", SCM_RIGHTS, "data", List.of())),
                " > control > element #0): expected at least one element in this array");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", SCM_RIGHTS, "data", List.of(pair[0], "x"))),
                " > control > element #0 > data > element #2): expected a Socket object or a stream resource");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", SCM_CREDENTIALS, "data", Map.of("pid", -1))),
                " > control > element #0 > data > pid): given PHP integer is out of bounds for a pid_t value");
        refused(
                pair[0],
                control(Map.of("level", 1, "type", SCM_CREDENTIALS, "data", Map.of("pid", 1))),
                " > control > element #0 > data): The key 'uid' is required");
        assertThat(socket_last_error()).isZero();
    }

    @Test
    void a_room_has_to_be_named() {
        Socket[] pair = pair();

        refusedRoom(pair[0], new HashMap<>(), "): The key 'controllen' is required");
        refusedRoom(pair[0], room("controllen", 0), " > controllen): controllen cannot be 0");
        refusedRoom(
                pair[0],
                room("controllen", -1),
                " > controllen): given PHP integer is out of bounds for an unsigned 32-bit integer");
        Map<String, Object> wide = room("controllen", 10);
        wide.put("buffer_size", -1);
        refusedRoom(pair[0], wide, " > buffer_size): the buffer size must be between 1 and 104857600; given -1");
    }

    @Test
    void a_failure_is_told_of_whatever_it_is() {
        Socket[] pair = pair();
        message.put("controllen", 10);

        assertThat(socket_recvmsg(pair[0], message, MSG_DONTWAIT)).isEqualTo(-1);
        assertThat(socket_sendmsg(pair[0], Map.of("name", Map.of()))).isEqualTo(-1);

        assertThat(message).isEqualTo(Map.of("controllen", 10));
        assertThat(socket_last_error(pair[0])).isEqualTo(SOCKET_EISCONN);
        assertThat(warnings)
                .containsExactly(
                        "socket_recvmsg(): Error in recvmsg [11]: Resource temporarily unavailable",
                        "socket_sendmsg(): Error in sendmsg [106]: Transport endpoint is already connected");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 16",
        "1, 1, 1, 24",
        "1, 1, 2, 24",
        "1, 1, 4, 32",
        "1, 2, 0, 32",
        "41, 50, 0, 40",
        "41, 52, 0, 24"
    })
    void control_data_take_room(int level, int type, int num, int space) {
        assertThat(socket_cmsg_space(level, type, num)).isEqualTo(space);
    }

    @Test
    void control_data_that_are_none_are_an_error() {
        assertThatThrownBy(() -> socket_cmsg_space(1, 99))
                .isInstanceOf(ValueError.class)
                .hasMessage("Pair level 1 and/or type 99 is not supported");
        assertThatThrownBy(() -> socket_cmsg_space(1, 99, -1))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_cmsg_space(): Argument #3 ($num) must be greater than or equal to 0");
        assertThatThrownBy(() -> socket_cmsg_space(1, 1, Integer.MAX_VALUE))
                .isInstanceOf(ValueError.class)
                .hasMessage("socket_cmsg_space(): Argument #3 ($num) is too large");
    }

    @Test
    void a_closed_socket_is_an_error() {
        Socket closed = create(AF_UNIX, SOCK_DGRAM);
        socket_close(closed);

        assertThatIsClosed("socket_sendmsg", () -> socket_sendmsg(closed, Map.of("iov", 5)));
        assertThatIsClosed("socket_recvmsg", () -> socket_recvmsg(closed, message));
    }

    private void refused(Socket socket, Map<String, ?> sent, String where) {
        warnings.clear();
        assertThat(socket_sendmsg(socket, sent)).isEqualTo(-1);
        assertThat(warnings).last().isEqualTo(SEND + where);
    }

    private void refusedRoom(Socket socket, Map<String, Object> received, String where) {
        warnings.clear();
        assertThat(socket_recvmsg(socket, received)).isEqualTo(-1);
        assertThat(warnings).last().isEqualTo(RECEIVE + where);
    }

    private static Map<String, Object> room(String key, Object value) {
        return new HashMap<>(Map.of(key, value));
    }

    private static Map<String, Object> name(String key, Object value) {
        return Map.of("name", Map.of(key, value));
    }

    private static Map<String, Object> control(Object element) {
        return Map.of("control", List.of(element));
    }

    private int receive(Socket socket, int room) {
        message.put("controllen", room);
        return socket_recvmsg(socket, message);
    }

    private byte @Nullable [] iov() {
        return (byte[]) ((List<?>) Objects.requireNonNull(message.get("iov"))).getFirst();
    }

    private Map<?, ?> control(int index) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(message.get("control"))).get(index);
    }
}
