package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.Descriptors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Named sockets of each family, their options, and files.
@Timeout(60)
class SocketCallsTest {

    private static final int NOTHING = 1 << 20; // a number that no descriptor has

    private final Calls calls = new Calls();
    private final Platform os = calls.os;
    private final CallState state = calls.state;
    private final MemorySegment address = calls.room(SockAddrStorage.LAYOUT);

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void an_abstract_name_is_listened_on_and_connected_to() {
        byte[] name = ("\0dyad-test-" + ProcessHandle.current().pid()).getBytes(UTF_8);
        int listener = socket(os.AF_UNIX(), os.SOCK_STREAM());
        int length = SockAddrUn.set(address, os.AF_UNIX(), name);
        assertThat(SysSocket.bind(state, listener, address, length)).isZero();
        assertThat(SysSocket.listen(state, listener, os.SOMAXCONN())).isZero();

        int client = socket(os.AF_UNIX(), os.SOCK_STREAM());
        assertThat(SysSocket.connect(state, client, address, length)).isZero();
        int server = calls.opened(
                SysSocket.accept4(state, listener, MemorySegment.NULL, MemorySegment.NULL, os.SOCK_CLOEXEC()));

        assertThat(Descriptors.open().get(server)).matches(d -> d != null && d.closeOnExec());
        assertThat(SysSocket.send(state, client, calls.bytes("hello"), os.MSG_NOSIGNAL()))
                .isEqualTo(5);
        assertThat(SysSocket.recv(state, server, calls.room(8), os.MSG_PEEK())).isEqualTo(5);
        assertThat(SockAddrUn.path(address, nameOf(server))).isEqualTo(name);
        assertThat(SockAddrUn.path(address, peerOf(client))).isEqualTo(name);
        assertThat(SockAddrUn.family(address)).isEqualTo(os.AF_UNIX());
        assertThat(SockAddrUn.path(address, peerOf(server))).isEmpty();
        assertThat(SysSocket.bind(state, socket(os.AF_UNIX(), os.SOCK_STREAM()), address, named(name)))
                .isEqualTo(-os.errno("EADDRINUSE"));
    }

    private int named(byte[] name) {
        return SockAddrUn.set(address, os.AF_UNIX(), name);
    }

    @Test
    void a_path_as_long_as_there_is_room_is_a_name_too(@TempDir Path folder) throws Exception {
        String base = folder.toRealPath().toString();
        byte[] path = (base + "/" + "x".repeat(SockAddrUn.capacity() - base.length() - 1)).getBytes(UTF_8);
        int receiver = socket(os.AF_UNIX(), os.SOCK_DGRAM());
        assertThat(path).hasSize(108);

        assertThat(SysSocket.bind(state, receiver, address, named(path))).isZero();

        int length = nameOf(receiver);
        assertThat(length).isEqualTo(2 + path.length + 1);
        MemorySegment exactly = address.asSlice(0, SockAddrUn.LAYOUT.byteSize());
        assertThat(SockAddrUn.path(exactly, length)).isEqualTo(path);
        assertThat(Files.exists(Path.of(new String(path, UTF_8)))).isTrue();
    }

    @Test
    void internet_addresses_come_back_as_they_were_set() throws Exception {
        byte[] four = {127, 0, 0, 1};
        int listener = socket(os.AF_INET(), os.SOCK_STREAM());
        assertThat(SysSocket.bind(state, listener, address, SockAddrIn.set(address, os.AF_INET(), four, 0)))
                .isZero();
        assertThat(SysSocket.listen(state, listener, 1)).isZero();

        assertThat(nameOf(listener)).isEqualTo((int) SockAddrIn.LAYOUT.byteSize());
        int port = SockAddrIn.port(address);
        assertThat(port).isPositive();
        assertThat(SockAddrIn.host(address)).isEqualTo(four);
        assertThat(SockAddrIn.family(address)).isEqualTo(os.AF_INET());

        int client = socket(os.AF_INET(), os.SOCK_STREAM());
        int length = SockAddrIn.set(address, os.AF_INET(), four, port);
        assertThat(SysSocket.connect(state, client, address, length)).isZero();
        MemorySegment room = calls.room(ValueLayout.JAVA_INT);
        room.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
        int server = calls.opened(SysSocket.accept4(state, listener, address, room, os.SOCK_CLOEXEC()));
        int clientPort = SockAddrIn.port(address);
        assertThat(nameOf(client)).isEqualTo(room.get(ValueLayout.JAVA_INT, 0));
        assertThat(SockAddrIn.port(address)).isEqualTo(clientPort);
        assertThat(option(server, os.IPPROTO_TCP(), os.TCP_NODELAY())).isZero();
    }

    @Test
    void an_internet_address_of_version_six_has_a_scope_and_a_flow() throws Exception {
        byte[] host = InetAddress.getByName("fe80::1:2:3").getAddress();

        int length = SockAddrIn6.set(address, os.AF_INET6(), host, 0xfedc, 7);
        SockAddrIn6.setFlow(address, 0x12345);

        assertThat(length).isEqualTo(28);
        assertThat(SockAddrIn6.family(address)).isEqualTo(os.AF_INET6());
        assertThat(SockAddrIn6.port(address)).isEqualTo(0xfedc);
        assertThat(SockAddrIn6.host(address)).isEqualTo(host);
        assertThat(SockAddrIn6.scope(address)).isEqualTo(7);
        assertThat(SockAddrIn6.flow(address)).isEqualTo(0x12345);
        assertThat(address.asSlice(2, 6).toArray(ValueLayout.JAVA_BYTE))
                .as("port and flow in network order")
                .isEqualTo(new byte[] {(byte) 0xfe, (byte) 0xdc, 0, 1, 0x23, 0x45});
    }

    @Test
    void options_are_set_and_read_back() {
        int fd = socket(os.AF_UNIX(), os.SOCK_STREAM());
        MemorySegment linger = calls.room(Linger.LAYOUT);
        Linger.set(linger, true, 42);
        MemorySegment timeout = calls.room(Timeval.LAYOUT);
        Timeval.set(timeout, 2_500_000);

        assertThat(set(fd, os.SO_LINGER(), linger)).isZero();
        assertThat(set(fd, os.SO_RCVTIMEO(), timeout)).isZero();

        MemorySegment value = calls.room(16);
        assertThat(get(fd, os.SOL_SOCKET(), os.SO_LINGER(), value)).isEqualTo(8);
        assertThat(Linger.isOn(value)).isTrue();
        assertThat(Linger.seconds(value)).isEqualTo(42);
        assertThat(get(fd, os.SOL_SOCKET(), os.SO_RCVTIMEO(), value)).isEqualTo(16);
        assertThat(Timeval.seconds(value)).isEqualTo(2);
        assertThat(Timeval.micros(value)).isEqualTo(500_000);
        assertThat(option(fd, os.SOL_SOCKET(), os.SO_DOMAIN())).isEqualTo(os.AF_UNIX());
        assertThat(option(fd, os.SOL_SOCKET(), os.SO_ACCEPTCONN())).isZero();
    }

    @Test
    void a_peer_has_credentials() {
        MemorySegment credentials = calls.room(Ucred.LAYOUT);

        assertThat(get(calls.pair()[0], os.SOL_SOCKET(), os.SO_PEERCRED(), credentials))
                .isEqualTo(12);

        assertThat(Ucred.pid(credentials))
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Ucred.uid(credentials)).isNotNegative();
        assertThat(Ucred.gid(credentials)).isNotNegative();
    }

    @Test
    void dup3_puts_a_descriptor_in_the_place_of_another() {
        int[] pair = calls.pair();
        int[] other = calls.pair();

        assertThat(Unistd.dup3(state, pair[0], other[0], os.O_CLOEXEC())).isEqualTo(other[0]);

        assertThat(SysSocket.send(state, other[0], calls.bytes("x"), os.MSG_NOSIGNAL()))
                .isOne();
        assertThat(SysSocket.recv(state, pair[1], calls.room(8), os.MSG_DONTWAIT()))
                .isOne();
        assertThat(SysSocket.recv(state, other[1], calls.room(8), os.MSG_DONTWAIT()))
                .isZero();
        assertThat(Descriptors.open().get(other[0])).matches(d -> d != null && d.closeOnExec());
    }

    @Test
    void open_makes_a_file_with_its_mode(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("made");
        MemorySegment path = calls.arena.allocateFrom(file.toString());
        int making = os.O_WRONLY() | os.O_CREAT() | os.O_EXCL() | os.O_CLOEXEC();

        int fd = calls.opened(Fcntl.open(state, path, making, 0600));

        assertThat(Unistd.write(state, fd, calls.bytes("text"))).isEqualTo(4);
        assertThat(Files.readString(file)).isEqualTo("text");
        MemorySegment stat = calls.room(Stat.LAYOUT);
        assertThat(SysStat.fstat(state, fd, stat)).isZero();
        assertThat(Stat.mode(stat) & 0777).isEqualTo(0600);
        assertThat(Descriptors.open().get(fd)).matches(d -> d != null && d.closeOnExec());
        assertThat(Fcntl.open(state, path, making, 0600)).isEqualTo(-os.errno("EEXIST"));
    }

    @Test
    void memory_is_a_file_without_a_name() {
        int fd = calls.opened(os.openMemory(state, calls.arena.allocateFrom("dyad-test")));

        assertThat(Descriptors.open().get(fd))
                .matches(d -> d != null && d.closeOnExec() && d.target().startsWith("/memfd:dyad-test"));
        assertThat(Unistd.write(state, fd, calls.bytes("text"))).isEqualTo(4);
    }

    @Test
    void fcntl_makes_a_descriptor_non_blocking() {
        int fd = calls.pair()[0];

        assertThat(Fcntl.fcntl(state, fd, os.F_SETFL(), os.O_NONBLOCK())).isZero();

        assertThat(Fcntl.fcntl(state, fd, os.F_GETFL(), 0)).isEqualTo(os.O_RDWR() | os.O_NONBLOCK());
        assertThat(SysSocket.recv(state, fd, calls.room(8), 0)).isEqualTo(-os.errno("EAGAIN"));
    }

    @Test
    void failures_are_negative_errnos() {
        MemorySegment room = calls.room(256);
        int ebadf = -os.errno("EBADF");

        assertThat(SysSocket.socket(state, -1, os.SOCK_STREAM(), 0)).isEqualTo(-os.errno("EAFNOSUPPORT"));
        assertThat(SysSocket.bind(state, NOTHING, room, 2)).isEqualTo(ebadf);
        assertThat(SysSocket.listen(state, NOTHING, 1)).isEqualTo(ebadf);
        assertThat(SysSocket.accept4(state, NOTHING, MemorySegment.NULL, MemorySegment.NULL, 0))
                .isEqualTo(ebadf);
        assertThat(SysSocket.connect(state, NOTHING, room, 2)).isEqualTo(ebadf);
        assertThat(SysSocket.getsockname(state, NOTHING, room, room)).isEqualTo(ebadf);
        assertThat(SysSocket.getpeername(state, NOTHING, room, room)).isEqualTo(ebadf);
        assertThat(SysSocket.setsockopt(state, NOTHING, 1, 2, room, 4)).isEqualTo(ebadf);
        assertThat(Unistd.dup3(state, NOTHING, NOTHING + 1, 0)).isEqualTo(ebadf);
        assertThat(Fcntl.open(state, calls.arena.allocateFrom("/no/such/file"), os.O_RDONLY(), 0))
                .isEqualTo(-os.errno("ENOENT"));
        assertThat(os.openMemory(state, calls.arena.allocateFrom("x".repeat(300))))
                .isEqualTo(-os.errno("EINVAL"));
    }

    private int socket(int domain, int type) {
        return calls.opened(SysSocket.socket(state, domain, type | os.SOCK_CLOEXEC(), 0));
    }

    private int nameOf(int fd) {
        MemorySegment length = calls.arena.allocateFrom(ValueLayout.JAVA_INT, (int) address.byteSize());
        assertThat(SysSocket.getsockname(state, fd, address, length)).isZero();
        assertThat(SockAddrStorage.family(address)).isEqualTo(option(fd, os.SOL_SOCKET(), os.SO_DOMAIN()));
        return length.get(ValueLayout.JAVA_INT, 0);
    }

    private int peerOf(int fd) {
        MemorySegment length = calls.arena.allocateFrom(ValueLayout.JAVA_INT, (int) address.byteSize());
        assertThat(SysSocket.getpeername(state, fd, address, length)).isZero();
        return length.get(ValueLayout.JAVA_INT, 0);
    }

    private int set(int fd, int name, MemorySegment value) {
        return SysSocket.setsockopt(state, fd, os.SOL_SOCKET(), name, value, (int) value.byteSize());
    }

    private int option(int fd, int level, int name) {
        MemorySegment value = calls.room(ValueLayout.JAVA_INT);
        assertThat(get(fd, level, name, value)).isEqualTo(4);
        return value.get(ValueLayout.JAVA_INT, 0);
    }

    /// Returns how long the value is.
    private int get(int fd, int level, int name, MemorySegment value) {
        MemorySegment length = calls.arena.allocateFrom(ValueLayout.JAVA_INT, (int) value.byteSize());
        assertThat(SysSocket.getsockopt(state, fd, level, name, value, length)).isZero();
        return length.get(ValueLayout.JAVA_INT, 0);
    }
}
