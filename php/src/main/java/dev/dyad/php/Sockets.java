package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.php.address.AddressLookup;
import dev.dyad.php.address.Names;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.open.Opening;
import dev.dyad.php.option.Options;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.php.transfer.Datagrams;
import dev.dyad.php.transfer.Streams;
import dev.dyad.php.transfer.Transfer;
import dev.dyad.socket.SocketPair;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The socket functions of PHP, by their names: `import static dev.dyad.php.Sockets.*;`.
///
/// The level is PHP 8.6, of which `docs/php.md` says what older ones do otherwise. Where a function may be called
/// with fewer arguments, PHP's own declaration is at the one with all of them. What a PHP function answers
/// with `false` is `null`, `-1` or `false` here, whichever the result leaves free; `&$x` is a [Ref]. A failed
/// call sets two error slots, the socket's own and a global one, which is one per thread, and warns
/// ([#onWarning]); a call that only would have had to wait does not warn. Success clears no slot. A program's
/// own mistake is a [PhpError], with PHP's message, and changes no slot. What differs from PHP, and why, is in
/// `docs/php.md`.
///
/// All may be called from any thread, virtual ones too. A call that waits ends with [#SOCKET_EBADF] when
/// another thread closes the socket, and with [#SOCKET_EINTR] when its thread is interrupted, which leaves the
/// socket open. Without native access there are [#socket_create_pair], [#socket_read], [#socket_write] and
/// [#socket_close], and the others throw [UnsupportedOperationException].
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="sockets"}
///
/// @see <a href="https://www.php.net/manual/en/book.sockets.php">Sockets, PHP manual</a>
public final class Sockets implements ErrorConstants, OptionConstants, MessageConstants, AddressConstants {

    /// The family of sockets of one machine.
    public static final int AF_UNIX = SocketPair.AF_UNIX;

    /// The family of IPv4.
    public static final int AF_INET = SocketPair.AF_INET;

    /// The family of IPv6.
    public static final int AF_INET6 = SocketPair.AF_INET6;

    /// Any family, of which a lookup is told; PHP 8.6.
    public static final int AF_UNSPEC = 0;

    /// The family of packets as a device sees them; PHP 8.5. A socket can be made, with enough rights, and its
    /// options and bytes are there; its addresses are not.
    public static final int AF_PACKET = 17;

    /// Bytes in order, without boundaries.
    public static final int SOCK_STREAM = SocketPair.SOCK_STREAM;

    /// Messages.
    public static final int SOCK_DGRAM = SocketPair.SOCK_DGRAM;

    /// A protocol of one's own, which a pair turns into [#SOCK_DGRAM].
    public static final int SOCK_RAW = 3;

    /// Messages that arrive, in any order; no system has it.
    public static final int SOCK_RDM = 4;

    /// Messages in order.
    public static final int SOCK_SEQPACKET = SocketPair.SOCK_SEQPACKET;

    /// Datagrams with a connection; PHP 8.4.
    public static final int SOCK_DCCP = 6;

    /// Added to a type: no program that is started inherits it, which here is so anyway; PHP 8.4.
    public static final int SOCK_CLOEXEC = 0x80000;

    /// Added to a type: no call on it waits; PHP 8.4.
    public static final int SOCK_NONBLOCK = 0x800;

    /// The longest backlog of a listener.
    public static final int SOMAXCONN = 4096;

    /// Read until the end of a line.
    public static final int PHP_NORMAL_READ = 1;

    /// Read what is there.
    public static final int PHP_BINARY_READ = 2;

    /// The name of this system as PHP has it: `Linux`, `Darwin`, `WINNT`.
    public static final String PHP_OS = os(System.getProperty("os.name", ""));

    /// The direction of what is read; PHP 8.5.
    public static final int SHUT_RD = 0;

    /// The direction of what is written; PHP 8.5.
    public static final int SHUT_WR = 1;

    /// Both directions; PHP 8.5.
    public static final int SHUT_RDWR = 2;

    private Sockets() {}

    /// Makes a pair of connected sockets.
    ///
    /// `bool socket_create_pair(int $domain, int $type, int $protocol, array &$pair)`
    ///
    /// On Linux that is [#AF_UNIX] with [#SOCK_STREAM], [#SOCK_DGRAM] or [#SOCK_SEQPACKET]; [#SOCK_RAW] becomes
    /// [#SOCK_DGRAM]. Without native access it is [#AF_UNIX], where the JDK has it, or [#AF_INET] over the
    /// loopback address, and only [#SOCK_STREAM].
    ///
    /// @param domain [#AF_UNIX], [#AF_INET] or [#AF_INET6]
    /// @param type a `SOCK_` constant, to which [#SOCK_NONBLOCK] may be added
    /// @param protocol 0 for the usual one
    /// @param pair its first two elements are replaced; untouched on failure
    /// @return whether there is a pair; if not, [#socket_last_error()] says why
    /// @throws ValueError if the domain or the type is none, or `pair` is shorter than two
    /// @throws TypeError if `pair` is null
    /// @see <a href="https://www.php.net/manual/en/function.socket-create-pair.php">socket_create_pair</a>
    public static boolean socket_create_pair(int domain, int type, int protocol, Socket[] pair) {
        Arguments.requireNonNull(pair, "socket_create_pair", 4, "pair", "array");
        PhpSocket[] made = Opening.pair(domain, type, protocol, pair.length);
        if (made == null) {
            return false;
        }
        pair[0] = new Socket(made[0]);
        pair[1] = new Socket(made[1]);
        return true;
    }

    /// Makes a socket, which is neither bound nor connected.
    ///
    /// `Socket|false socket_create(int $domain, int $type, int $protocol)`
    ///
    /// @param domain [#AF_UNIX], [#AF_INET] or [#AF_INET6]
    /// @param type a `SOCK_` constant, to which [#SOCK_NONBLOCK] may be added
    /// @param protocol 0 for the usual one, or such as [#SOL_TCP], [#SOL_UDP]
    /// @return the socket; `null` stands for false, and [#socket_last_error()] says why
    /// @throws ValueError if the domain or the type is none
    /// @see <a href="https://www.php.net/manual/en/function.socket-create.php">socket_create</a>
    public static @Nullable Socket socket_create(int domain, int type, int protocol) {
        return Socket.of(Opening.create(domain, type, protocol));
    }

    /// Makes a socket that listens on a port of all IPv4 addresses, as
    /// [#socket_create_listen(int, int)] with a backlog of [#SOMAXCONN] does.
    ///
    /// @param port the port, 0 for any that is free
    /// @return the listener; `null` stands for false
    /// @see <a href="https://www.php.net/manual/en/function.socket-create-listen.php">socket_create_listen</a>
    public static @Nullable Socket socket_create_listen(int port) {
        return socket_create_listen(port, SOMAXCONN);
    }

    /// Makes a socket that listens on a port of all IPv4 addresses.
    ///
    /// `Socket|false socket_create_listen(int $port, int $backlog = SOMAXCONN)`
    ///
    /// @param port the port, 0 for any that is free
    /// @param backlog how many connections may wait to be accepted
    /// @return the listener; `null` stands for false, and [#socket_last_error()] says why
    /// @see <a href="https://www.php.net/manual/en/function.socket-create-listen.php">socket_create_listen</a>
    public static @Nullable Socket socket_create_listen(int port, int backlog) {
        return Socket.of(Opening.createListen(port, backlog));
    }

    /// Accepts a connection, and waits for one unless the listener is non-blocking.
    ///
    /// `Socket|false socket_accept(Socket $socket)`
    ///
    /// @param socket a listener
    /// @return the connection, which is blocking; `null` stands for false, and [#socket_last_error()] says why:
    ///     the listener's own slot stays as it is
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-accept.php">socket_accept</a>
    public static @Nullable Socket socket_accept(Socket socket) {
        return Socket.of(Opening.accept(Socket.php(socket)));
    }

    /// Gives a socket an address: a path, or a host with any port that is free.
    ///
    /// @param socket what gets the name
    /// @param address as in [#socket_bind(Socket, String, int)]
    /// @return whether it has the name; if not, [#socket_last_error(Socket)] says why
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if a path has 108 bytes or more
    /// @see <a href="https://www.php.net/manual/en/function.socket-bind.php">socket_bind</a>
    public static boolean socket_bind(Socket socket, String address) {
        return Names.bind(Socket.php(socket), address, 0);
    }

    /// Gives a socket an address.
    ///
    /// `bool socket_bind(Socket $socket, string $address, int $port = 0)`
    ///
    /// @param socket what gets the name
    /// @param address of [#AF_UNIX] a path, which is abstract where it begins with a NUL, and where it is empty
    ///     is chosen by the system; otherwise a host, by name or number
    /// @param port the port, of which the lower 16 bits count; 0 for any that is free
    /// @return whether it has it; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if a path has 108 bytes or more
    /// @see <a href="https://www.php.net/manual/en/function.socket-bind.php">socket_bind</a>
    public static boolean socket_bind(Socket socket, String address, int port) {
        return Names.bind(Socket.php(socket), address, port);
    }

    /// Makes a socket listen, with a backlog of 0.
    ///
    /// @param socket what is bound
    /// @return whether it does; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-listen.php">socket_listen</a>
    public static boolean socket_listen(Socket socket) {
        return Names.listen(Socket.php(socket), 0);
    }

    /// Makes a socket listen.
    ///
    /// `bool socket_listen(Socket $socket, int $backlog = 0)`
    ///
    /// @param socket what is bound
    /// @param backlog how many connections may wait to be accepted
    /// @return whether it does; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-listen.php">socket_listen</a>
    public static boolean socket_listen(Socket socket, int backlog) {
        return Names.listen(Socket.php(socket), backlog);
    }

    /// Connects a socket to a path.
    ///
    /// @param socket what is connected
    /// @param address the path, which is abstract where it begins with a NUL
    /// @return as of [#socket_connect(Socket, String, int)]
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if a path has 108 bytes or more, or the socket is not of [#AF_UNIX]
    /// @see <a href="https://www.php.net/manual/en/function.socket-connect.php">socket_connect</a>
    public static boolean socket_connect(Socket socket, String address) {
        return Names.connect(Socket.php(socket), address, null);
    }

    /// Connects a socket, and waits until it is connected unless it is non-blocking.
    ///
    /// `bool socket_connect(Socket $socket, string $address, ?int $port = null)`
    ///
    /// @param socket what is connected
    /// @param address a path, or a host by name or number
    /// @param port the port, of which the lower 16 bits count
    /// @return whether it is connected; if not, the error slots say why: [#SOCKET_EINPROGRESS], without a
    ///     warning, where it does not wait
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if a path has 108 bytes or more
    /// @see <a href="https://www.php.net/manual/en/function.socket-connect.php">socket_connect</a>
    public static boolean socket_connect(Socket socket, String address, int port) {
        return Names.connect(Socket.php(socket), address, port);
    }

    /// Reads what is there, at most `length` bytes, and waits for at least one unless the socket is
    /// non-blocking.
    ///
    /// @param socket what to read from
    /// @param length how many bytes at most; of more than a million one call still returns at most 1,048,576
    /// @return the bytes, none at the end; `null` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-read.php">socket_read</a>
    public static byte @Nullable [] socket_read(Socket socket, int length) {
        return Transfer.read(Socket.php(socket), length, PHP_BINARY_READ);
    }

    /// Reads at most `length` bytes, and waits for at least one unless the socket is non-blocking.
    ///
    /// `string|false socket_read(Socket $socket, int $length, int $mode = PHP_BINARY_READ)`
    ///
    /// [#PHP_NORMAL_READ] ends after a `\n` or a `\r`, which is part of the result; a message is a line of its
    /// own. Where PHP loses the beginning of a line that the end of the stream or an error cuts off, this returns
    /// it; the end is an empty result, not an error; and what would have to wait and may not is [#SOCKET_EAGAIN],
    /// where PHP spins.
    ///
    /// @param socket what to read from
    /// @param length how many bytes at most; of more than a million one call still returns at most 1,048,576
    /// @param mode [#PHP_BINARY_READ], as is any unknown number, or [#PHP_NORMAL_READ]
    /// @return the bytes, none at the end; `null` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-read.php">socket_read</a>
    public static byte @Nullable [] socket_read(Socket socket, int length, int mode) {
        return Transfer.read(Socket.php(socket), length, mode);
    }

    /// Writes bytes, and waits until all are accepted unless the socket is non-blocking.
    ///
    /// @param socket what to write to
    /// @param data what to write
    /// @return how many were written; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, byte[] data) {
        return Transfer.write(Socket.php(socket), data, null);
    }

    /// Writes the first `length` bytes, and waits until all are accepted unless the socket is non-blocking.
    ///
    /// `int|false socket_write(Socket $socket, string $data, ?int $length = null)`
    ///
    /// @param socket what to write to
    /// @param data what to write
    /// @param length how many; all, if there are fewer
    /// @return how many were written, fewer where the other end was closed midway; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, byte[] data, int length) {
        return Transfer.write(Socket.php(socket), data, length);
    }

    /// Writes a text in UTF-8, as [#socket_write(Socket, byte\[\])] does.
    ///
    /// @param socket what to write to
    /// @param data what to write
    /// @return how many bytes were written; -1 stands for false
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, String data) {
        return Transfer.write(Socket.php(socket), bytes(data), null);
    }

    /// Writes the first `length` bytes of a text in UTF-8, as [#socket_write(Socket, byte\[\], int)] does.
    ///
    /// @param socket what to write to
    /// @param data what to write
    /// @param length in bytes, as [#strlen] counts them
    /// @return how many bytes were written; -1 stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, String data, int length) {
        return Transfer.write(Socket.php(socket), bytes(data), length);
    }

    /// Sends bytes to the socket that this one is connected to.
    ///
    /// `int|false socket_send(Socket $socket, string $data, int $length, int $flags)`
    ///
    /// @param socket what to send through
    /// @param data what to send
    /// @param length how many; all, if there are fewer
    /// @param flags such as [#MSG_OOB], [#MSG_DONTWAIT]; 0 for none
    /// @return how many were sent; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative
    /// @see <a href="https://www.php.net/manual/en/function.socket-send.php">socket_send</a>
    public static int socket_send(Socket socket, byte[] data, int length, int flags) {
        return Transfer.send(Socket.php(socket), data, length, flags);
    }

    /// Sends a text in UTF-8, as [#socket_send(Socket, byte\[\], int, int)] does.
    ///
    /// @param socket what to send through
    /// @param data what to send
    /// @param length in bytes, as [#strlen] counts them
    /// @param flags `MSG_` constants
    /// @return how many bytes were sent; -1 stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative
    /// @see <a href="https://www.php.net/manual/en/function.socket-send.php">socket_send</a>
    public static int socket_send(Socket socket, String data, int length, int flags) {
        return Transfer.send(Socket.php(socket), bytes(data), length, flags);
    }

    /// Receives bytes from the socket that this one is connected to.
    ///
    /// `int|false socket_recv(Socket $socket, string &$data, int $length, int $flags)`
    ///
    /// @param socket what to receive from
    /// @param data becomes what came, and `null` where nothing came and on failure; untouched where the length
    ///     is below one
    /// @param length how many bytes at most; of more than a million one call still receives at most 1,048,576,
    ///     [#MSG_WAITALL] apart
    /// @param flags such as [#MSG_PEEK], [#MSG_WAITALL], [#MSG_DONTWAIT]; 0 for none
    /// @return how many bytes came, 0 at the end; with [#MSG_TRUNC] the length of the whole message, of which
    ///     `data` still has no more than `length` bytes; `-1` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-recv.php">socket_recv</a>
    public static int socket_recv(Socket socket, Ref<byte[]> data, int length, int flags) {
        return Transfer.recv(Socket.php(socket), data, length, flags);
    }

    /// Sends a message to a path.
    ///
    /// @param socket what to send through
    /// @param data what to send
    /// @param length how many bytes of it at most
    /// @param flags `MSG_` constants
    /// @param address the path of the receiver
    /// @return as of [#socket_sendto(Socket, byte\[\], int, int, String, int)]
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative, the path has 108 bytes or more, or the socket is not of
    ///     [#AF_UNIX]
    /// @see <a href="https://www.php.net/manual/en/function.socket-sendto.php">socket_sendto</a>
    public static int socket_sendto(Socket socket, byte[] data, int length, int flags, String address) {
        return Datagrams.sendTo(Socket.php(socket), data, length, flags, address, null);
    }

    /// Sends a message to an address.
    ///
    /// `int|false socket_sendto(Socket $socket, string $data, int $length, int $flags, string $address,
    /// ?int $port = null)`
    ///
    /// @param socket what to send through
    /// @param data what to send
    /// @param length how many bytes; all, if there are fewer
    /// @param flags such as [#MSG_DONTWAIT]; 0 for none
    /// @param address a path, up to its first NUL, or a host by name or number
    /// @param port the port, of which the lower 16 bits count
    /// @return how many bytes were sent; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative, or the path has 108 bytes or more
    /// @see <a href="https://www.php.net/manual/en/function.socket-sendto.php">socket_sendto</a>
    public static int socket_sendto(Socket socket, byte[] data, int length, int flags, String address, int port) {
        return Datagrams.sendTo(Socket.php(socket), data, length, flags, address, port);
    }

    /// Receives a message and says which path it came from.
    ///
    /// @param socket what to receive from
    /// @param data becomes what came
    /// @param length how many bytes at most
    /// @param flags `MSG_` constants
    /// @param address becomes the path of the sender
    /// @return as of [#socket_recvfrom(Socket, Ref, int, int, Ref, Ref)]
    /// @throws PhpError if the socket is closed
    /// @throws ArgumentCountError if the socket is not of [#AF_UNIX]
    /// @see <a href="https://www.php.net/manual/en/function.socket-recvfrom.php">socket_recvfrom</a>
    public static int socket_recvfrom(Socket socket, Ref<byte[]> data, int length, int flags, Ref<String> address) {
        return Datagrams.receiveFrom(Socket.php(socket), data, length, flags, address, null);
    }

    /// Receives a message and says where it came from.
    ///
    /// `int|false socket_recvfrom(Socket $socket, string &$data, int $length, int $flags, string &$address,
    /// int &$port = null)`
    ///
    /// @param socket what to receive from
    /// @param data becomes what came; untouched on failure, as the others
    /// @param length how many bytes at most: what a message has beyond is lost
    /// @param flags such as [#MSG_PEEK], [#MSG_DONTWAIT]; 0 for none
    /// @param address becomes the sender's path, which is empty where it has none, or its number
    /// @param port becomes the sender's port; untouched for [#AF_UNIX]
    /// @return how many bytes came; `-1` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-recvfrom.php">socket_recvfrom</a>
    public static int socket_recvfrom(
            Socket socket, Ref<byte[]> data, int length, int flags, Ref<String> address, Ref<Integer> port) {
        return Datagrams.receiveFrom(Socket.php(socket), data, length, flags, address, port);
    }

    /// Makes calls on a socket wait.
    ///
    /// `bool socket_set_block(Socket $socket)`
    ///
    /// It is so for every process that has the socket.
    ///
    /// @param socket whose calls are to wait
    /// @return true; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-set-block.php">socket_set_block</a>
    public static boolean socket_set_block(Socket socket) {
        return Options.setNonBlocking(Socket.php(socket), "socket_set_block", "unable to set blocking mode", false);
    }

    /// Makes calls on a socket fail with [#SOCKET_EAGAIN], without a warning, where they would have to wait.
    ///
    /// `bool socket_set_nonblock(Socket $socket)`
    ///
    /// It is so for every process that has the socket.
    ///
    /// @param socket whose calls are not to wait
    /// @return true; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-set-nonblock.php">socket_set_nonblock</a>
    public static boolean socket_set_nonblock(Socket socket) {
        return Options.setNonBlocking(
                Socket.php(socket), "socket_set_nonblock", "unable to set nonblocking mode", true);
    }

    /// Ends both directions of a connection, for every process that has the socket.
    ///
    /// @param socket what is connected
    /// @return whether they ended; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-shutdown.php">socket_shutdown</a>
    public static boolean socket_shutdown(Socket socket) {
        return Transfer.shutdown(Socket.php(socket), SHUT_RDWR);
    }

    /// Ends a direction of a connection, for every process that has the socket.
    ///
    /// `bool socket_shutdown(Socket $socket, int $mode = 2)`
    ///
    /// @param socket what is connected
    /// @param mode 0 for reading, 1 for writing, 2 for both
    /// @return whether it ended; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-shutdown.php">socket_shutdown</a>
    public static boolean socket_shutdown(Socket socket, int mode) {
        return Transfer.shutdown(Socket.php(socket), mode);
    }

    /// Returns whether the next byte to be read is where out-of-band data were sent; PHP 8.3.
    ///
    /// `bool socket_atmark(Socket $socket)`
    ///
    /// @param socket a stream
    /// @return whether it is; `false` on failure, too, and then the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-atmark.php">socket_atmark</a>
    public static boolean socket_atmark(Socket socket) {
        return Transfer.isAtMark(Socket.php(socket));
    }

    /// Says what a socket is called, the port left out.
    ///
    /// @param socket whose own name is asked for
    /// @param address as in [#socket_getsockname(Socket, Ref, Ref)]
    /// @return whether it was said; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-getsockname.php">socket_getsockname</a>
    public static boolean socket_getsockname(Socket socket, Ref<String> address) {
        return Names.sockname(Socket.php(socket), address, null);
    }

    /// Says what a socket is called.
    ///
    /// `bool socket_getsockname(Socket $socket, string &$address, int &$port = null)`
    ///
    /// @param socket whose own name is asked for
    /// @param address becomes the number of a host, or a path, which is empty for a socket that has none, and
    ///     for an abstract one
    /// @param port becomes the port; untouched for [#AF_UNIX]
    /// @return whether it was said; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-getsockname.php">socket_getsockname</a>
    public static boolean socket_getsockname(Socket socket, Ref<String> address, Ref<Integer> port) {
        return Names.sockname(Socket.php(socket), address, port);
    }

    /// Tells the address of the peer that a socket is connected to, without the port.
    ///
    /// @param socket whose peer's name is asked for
    /// @param address as in [#socket_getsockname(Socket, Ref, Ref)]
    /// @return whether it was said; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-getpeername.php">socket_getpeername</a>
    public static boolean socket_getpeername(Socket socket, Ref<String> address) {
        return Names.peername(Socket.php(socket), address, null);
    }

    /// Tells the address of the peer that a socket is connected to.
    ///
    /// `bool socket_getpeername(Socket $socket, string &$address, int &$port = null)`
    ///
    /// @param socket whose peer's name is asked for
    /// @param address as in [#socket_getsockname(Socket, Ref, Ref)]
    /// @param port becomes the port; untouched for [#AF_UNIX]
    /// @return whether it was said; if not, the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-getpeername.php">socket_getpeername</a>
    public static boolean socket_getpeername(Socket socket, Ref<String> address, Ref<Integer> port) {
        return Names.peername(Socket.php(socket), address, port);
    }

    /// Waits until a socket is ready, however long it takes or for some seconds.
    ///
    /// @param read what is to be read; `null` for nothing
    /// @param write what is to be written to; `null` for nothing
    /// @param except what is watched for urgent data; `null` for nothing
    /// @param seconds how long to wait; `null` for as long as it takes
    /// @return as of [#socket_select(Collection, Collection, Collection, Integer, int)]
    /// @see <a href="https://www.php.net/manual/en/function.socket-select.php">socket_select</a>
    public static int socket_select(
            @Nullable Collection<Socket> read,
            @Nullable Collection<Socket> write,
            @Nullable Collection<Socket> except,
            @Nullable Integer seconds) {
        return new Select().select(read, write, except, seconds, 0);
    }

    /// Waits until a socket is ready.
    ///
    /// `int|false socket_select(?array &$read, ?array &$write, ?array &$except, ?int $seconds, int
    /// $microseconds = 0)`
    ///
    /// Each collection keeps what is ready, in its order: of a [java.util.Map], `values()` does as PHP's array
    /// with keys. On failure all are as they were. There may be any number of sockets, of any numbers.
    ///
    /// @param read those to be read or accepted from: also what has ended or failed is ready
    /// @param write those to be written to
    /// @param except those that urgent data may come to
    /// @param seconds how long to wait, 0 to look only, `null` for ever
    /// @param microseconds how much longer to wait; may be more than a second
    /// @return how much is ready, a socket counted once for each collection, 0 when the time is up; `-1` stands
    ///     for false, and [#socket_last_error()] says why: [#SOCKET_EBADF] where another thread closed one of them,
    ///     [#SOCKET_EINTR] where this one was interrupted
    /// @throws TypeError if a collection contains something else than a socket, or one that is closed
    /// @throws ValueError if there is no socket in any collection
    /// @throws PhpError if one that is not empty cannot be changed
    /// @see <a href="https://www.php.net/manual/en/function.socket-select.php">socket_select</a>
    public static int socket_select(
            @Nullable Collection<Socket> read,
            @Nullable Collection<Socket> write,
            @Nullable Collection<Socket> except,
            @Nullable Integer seconds,
            int microseconds) {
        return new Select().select(read, write, except, seconds, microseconds);
    }

    /// Returns an option of a socket.
    ///
    /// `array|int|false socket_get_option(Socket $socket, int $level, int $option)`
    ///
    /// @param socket whose option it is
    /// @param level such as [#SOL_SOCKET], [#SOL_TCP]
    /// @param option a number of that level, such as [#SO_RCVBUF]
    /// @return an [Integer], or for [#SO_LINGER], [#SO_RCVTIMEO], [#SO_SNDTIMEO], [#SO_MEMINFO],
    ///     [#TCP_CONGESTION] and [#IPV6_PKTINFO] a [java.util.Map] with their keys; `null` stands for false, and
    ///     the error slots say why
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-get-option.php">socket_get_option</a>
    public static @Nullable Object socket_get_option(Socket socket, int level, int option) {
        return Options.get(Socket.php(socket), "socket_get_option", level, option);
    }

    /// Returns an option of a socket: another name of [#socket_get_option].
    /// @param socket whose option it is
    /// @param level `SOL_SOCKET` or the number of a protocol
    /// @param option the option of that level
    /// @return as [#socket_get_option]
    /// @see <a href="https://www.php.net/manual/en/function.socket-getopt.php">socket_getopt</a>
    public static @Nullable Object socket_getopt(Socket socket, int level, int option) {
        return Options.get(Socket.php(socket), "socket_getopt", level, option);
    }

    /// Sets an option of a socket.
    ///
    /// `bool socket_set_option(Socket $socket, int $level, int $option, array|string|int $value)`
    ///
    /// On levels other than those of IP, [#SO_LINGER], [#SO_RCVTIMEO], [#SO_SNDTIMEO] and [#SO_BINDTODEVICE] are
    /// known only by their number, as in PHP.
    ///
    /// @param socket whose option it is
    /// @param level such as [#SOL_SOCKET], [#SOL_TCP]
    /// @param option a number of that level, such as [#SO_RCVBUF]
    /// @param value a number, or what PHP makes a number of; a [java.util.Map] for those that have keys; a text
    ///     for [#SO_BINDTODEVICE] and [#TCP_CONGESTION]; an interface by name or index for [#IP_MULTICAST_IF] and
    ///     [#IPV6_MULTICAST_IF]
    /// @return whether it is set; if not, the error slots or a warning say why
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if a key is missing, or a number is out of range
    /// @see <a href="https://www.php.net/manual/en/function.socket-set-option.php">socket_set_option</a>
    public static boolean socket_set_option(Socket socket, int level, int option, Object value) {
        return Options.set(Socket.php(socket), "socket_set_option", level, option, value);
    }

    /// Sets an option of a socket: another name of [#socket_set_option].
    /// @param socket whose option it is
    /// @param level `SOL_SOCKET` or the number of a protocol
    /// @param option the option of that level
    /// @param value its value, an `Integer`, a `Boolean`, a `String` or a `Map`
    /// @return as [#socket_set_option]
    /// @see <a href="https://www.php.net/manual/en/function.socket-setopt.php">socket_setopt</a>
    public static boolean socket_setopt(Socket socket, int level, int option, Object value) {
        return Options.set(Socket.php(socket), "socket_setopt", level, option, value);
    }

    /// Sends a message with all that goes with it, as [#socket_sendmsg(Socket, Map, int)] with no flags does.
    ///
    /// @param socket what to send through
    /// @param message as of [#socket_sendmsg(Socket, Map, int)]
    /// @return how many bytes were sent; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-sendmsg.php">socket_sendmsg</a>
    public static int socket_sendmsg(Socket socket, Map<String, ?> message) {
        return Messages.send(socket, message, 0);
    }

    /// Sends a message with all that goes with it.
    ///
    /// `int|false socket_sendmsg(Socket $socket, array $message, int $flags = 0)`
    ///
    /// @param socket what to send through
    /// @param message may have `name`, the receiver's address: a map of `addr` and `port`, or of `path`; `iov`,
    ///     a list of strings; and `control`, a list of maps of `level`, `type` and `data`: for [#SCM_RIGHTS] a list
    ///     of sockets and of [dev.dyad.socket.DescriptorSource]s, for [#SCM_CREDENTIALS] a map of `pid`, `uid`,
    ///     `gid`
    /// @param flags such as [#MSG_DONTWAIT]; 0 for none
    /// @return how many bytes were sent; `-1` stands for false, and the error slots say why, or a warning where
    ///     the message was not what it has to be
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-sendmsg.php">socket_sendmsg</a>
    public static int socket_sendmsg(Socket socket, Map<String, ?> message, int flags) {
        return Messages.send(socket, message, flags);
    }

    /// Receives a message with all that comes with it, as [#socket_recvmsg(Socket, Map, int)] with no flags
    /// does.
    ///
    /// @param socket what to receive from
    /// @param message as of [#socket_recvmsg(Socket, Map, int)]
    /// @return how many bytes came, 0 at the end; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-recvmsg.php">socket_recvmsg</a>
    public static int socket_recvmsg(Socket socket, Map<String, Object> message) {
        return Messages.receive(socket, message, 0);
    }

    /// Receives a message with all that comes with it.
    ///
    /// `int|false socket_recvmsg(Socket $socket, array &$message, int $flags = 0)`
    ///
    /// @param socket what to receive from
    /// @param message has `controllen`, the room for control data in bytes, as
    ///     [#socket_cmsg_space(int, int, int)] tells it, and may have `buffer_size`, 8192 unless said, and
    ///     `name`, a map, to be told the sender. It becomes `name`, the sender's address or `null`;
    ///     `control`, a list of maps of `level`, `type` and `data`; `iov`, a list with the bytes, or an empty
    ///     one; and `flags`. Descriptors that came are the caller's: a socket is a [Socket], everything else
    ///     a [dev.dyad.socket.Descriptor]. Where it cannot be told, it becomes empty
    /// @param flags such as [#MSG_DONTWAIT]; 0 for none
    /// @return how many bytes came, 0 at the end; `-1` stands for false, and [#socket_last_error()] says why,
    ///     or a warning where the message was not what it has to be
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-recvmsg.php">socket_recvmsg</a>
    public static int socket_recvmsg(Socket socket, Map<String, Object> message, int flags) {
        return Messages.receive(socket, message, flags);
    }

    /// Returns how much room control data with no elements take, as [#socket_cmsg_space(int, int, int)] does.
    /// @param level the level of the control data, as `SOL_SOCKET`
    /// @param type the type of the control data, as `SCM_RIGHTS`
    /// @return so many bytes
    /// @see <a href="https://www.php.net/manual/en/function.socket-cmsg-space.php">socket_cmsg_space</a>
    public static int socket_cmsg_space(int level, int type) {
        return Messages.space(level, type, 0);
    }

    /// Returns how much room control data take, in bytes.
    ///
    /// `?int socket_cmsg_space(int $level, int $type, int $num = 0)`
    ///
    /// @param level such as [#SOL_SOCKET]
    /// @param type such as [#SCM_RIGHTS], [#SCM_CREDENTIALS]
    /// @param num how many elements, of what has elements
    /// @return so many bytes
    /// @throws ValueError if there is no such type, or the number is negative or too large
    /// @see <a href="https://www.php.net/manual/en/function.socket-cmsg-space.php">socket_cmsg_space</a>
    public static int socket_cmsg_space(int level, int type, int num) {
        return Messages.space(level, type, num);
    }

    /// Looks up the addresses of a host.
    ///
    /// @param host a name or an address
    /// @return as of [#socket_addrinfo_lookup(String, String, Map)]
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-lookup.php">socket_addrinfo_lookup</a>
    public static @Nullable List<AddressInfo> socket_addrinfo_lookup(String host) {
        return AddressInfo.of(AddressLookup.lookup(host, null, Map.of(), null));
    }

    /// Looks up the addresses of a service on a host.
    ///
    /// @param host a name or an address
    /// @param service a name or a port; `null` for none
    /// @return as of [#socket_addrinfo_lookup(String, String, Map)]
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-lookup.php">socket_addrinfo_lookup</a>
    public static @Nullable List<AddressInfo> socket_addrinfo_lookup(String host, @Nullable String service) {
        return AddressInfo.of(AddressLookup.lookup(host, service, Map.of(), null));
    }

    /// Looks up the addresses of a service on a host, which may ask a server.
    ///
    /// @param host by name or number
    /// @param service by name or number, or `null`
    /// @param hints what is wanted: `ai_flags`, `ai_socktype`, `ai_protocol`, `ai_family`
    /// @return what was found; `null` stands for false, of which neither a warning nor a slot tells
    /// @throws ValueError if there are other hints
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-lookup.php">socket_addrinfo_lookup</a>
    public static @Nullable List<AddressInfo> socket_addrinfo_lookup(
            String host, @Nullable String service, Map<String, Integer> hints) {
        return AddressInfo.of(AddressLookup.lookup(host, service, hints, null));
    }

    /// Looks up the addresses of a service on a host, as [#socket_addrinfo_lookup(String, String, Map)] does,
    /// and tells why there are none; PHP 8.6.
    ///
    /// `array|false socket_addrinfo_lookup(string $host, ?string $service = null, array $hints = [],
    /// &$error_code = null)`
    ///
    /// @param host by name or number
    /// @param service by name or number, or `null`
    /// @param hints what is wanted: `ai_flags`, `ai_socktype`, `ai_protocol`, `ai_family`
    /// @param errorCode becomes an `EAI_` constant where nothing is found; else it is left alone
    /// @return what was found; `null` stands for false, of which neither a warning nor a slot tells
    /// @throws ValueError if there are other hints, or one is out of range
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-lookup.php">socket_addrinfo_lookup</a>
    public static @Nullable List<AddressInfo> socket_addrinfo_lookup(
            String host, @Nullable String service, Map<String, Integer> hints, Ref<Integer> errorCode) {
        return AddressInfo.of(AddressLookup.lookup(host, service, hints, errorCode));
    }

    /// Makes a socket with an address that was looked up.
    ///
    /// `Socket|false socket_addrinfo_bind(AddressInfo $address)`
    ///
    /// @param address one of [#socket_addrinfo_lookup(String)]
    /// @return the socket; `null` stands for false, and [#socket_last_error()] says why
    /// @see <a href="https://www.php.net/manual/en/function.socket-addrinfo-bind.php">socket_addrinfo_bind</a>
    public static @Nullable Socket socket_addrinfo_bind(AddressInfo address) {
        return Socket.of(Opening.bound(AddressInfo.found(address)));
    }

    /// Makes a socket that is connected to an address that was looked up.
    ///
    /// `Socket|false socket_addrinfo_connect(AddressInfo $address)`
    ///
    /// @param address one of [#socket_addrinfo_lookup(String)]
    /// @return the socket; `null` stands for false, and [#socket_last_error()] says why
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-connect.php">socket_addrinfo_connect</a>
    public static @Nullable Socket socket_addrinfo_connect(AddressInfo address) {
        return Socket.of(Opening.connected(AddressInfo.found(address)));
    }

    /// Tells what is in an address that was looked up.
    ///
    /// `array socket_addrinfo_explain(AddressInfo $address)`
    ///
    /// @param address one of [#socket_addrinfo_lookup(String)]
    /// @return `ai_flags`, `ai_family`, `ai_socktype`, `ai_protocol`, `ai_canonname` where it was asked for,
    ///     and `ai_addr`, a map of `sin_port` and `sin_addr`, or of `sin6_port` and `sin6_addr`
    /// @see <a
    ///     href="https://www.php.net/manual/en/function.socket-addrinfo-explain.php">socket_addrinfo_explain</a>
    public static Map<String, Object> socket_addrinfo_explain(AddressInfo address) {
        Arguments.requireNonNull(address, "socket_addrinfo_explain", 1, "address", "AddressInfo");
        return AddressInfo.found(address).explain();
    }

    /// Returns a socket as a channel: the same one every time.
    ///
    /// `resource|false socket_export_stream(Socket $socket)`
    ///
    /// Both are one descriptor: [#socket_close] closes the channel, and closing the channel leaves the socket
    /// with a descriptor that is bad. What does not wait, or no longer, reads or writes zero bytes.
    ///
    /// @param socket what becomes a channel
    /// @return the channel
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-export-stream.php">socket_export_stream</a>
    public static @Nullable ByteChannel socket_export_stream(Socket socket) {
        return Streams.export(Socket.php(socket));
    }

    /// Returns a channel as a socket.
    ///
    /// `Socket|false socket_import_stream(resource $stream)`
    ///
    /// @param stream what [#socket_export_stream] returned, which shares its descriptor; or an end of
    ///     [dev.dyad.socket], of whose descriptor the socket has a copy
    /// @return the socket; `null` stands for false: a warning says that the channel is none of a socket
    /// @throws TypeError if the channel is closed
    /// @throws UnsupportedOperationException for a channel of the JDK, which does not tell its descriptor
    /// @see <a href="https://www.php.net/manual/en/function.socket-import-stream.php">socket_import_stream</a>
    public static @Nullable Socket socket_import_stream(Channel stream) {
        return Socket.of(Streams.importStream(stream));
    }

    /// Only Windows has it.
    ///
    /// `string|false socket_wsaprotocol_info_export(Socket $socket, int $process_id)`
    ///
    /// @param socket a socket
    /// @param processId a process
    /// @return nothing
    /// @throws UnsupportedOperationException always
    /// @see <a href="https://www.php.net/manual/en/function.socket-wsaprotocol-info-export.php">PHP manual</a>
    @SuppressWarnings("DoNotCallSuggester") // it is in PHP as well, elsewhere
    public static String socket_wsaprotocol_info_export(Socket socket, int processId) {
        throw Streams.ofWindows("socket_wsaprotocol_info_export");
    }

    /// Only Windows has it.
    ///
    /// `Socket|false socket_wsaprotocol_info_import(string $info_id)`
    ///
    /// @param infoId what [#socket_wsaprotocol_info_export] would have returned
    /// @return nothing
    /// @throws UnsupportedOperationException always
    /// @see <a href="https://www.php.net/manual/en/function.socket-wsaprotocol-info-import.php">PHP manual</a>
    @SuppressWarnings("DoNotCallSuggester") // it is in PHP as well, elsewhere
    public static Socket socket_wsaprotocol_info_import(String infoId) {
        throw Streams.ofWindows("socket_wsaprotocol_info_import");
    }

    /// Only Windows has it.
    ///
    /// `bool socket_wsaprotocol_info_release(string $info_id)`
    ///
    /// @param infoId what [#socket_wsaprotocol_info_export] would have returned
    /// @return nothing
    /// @throws UnsupportedOperationException always
    /// @see <a href="https://www.php.net/manual/en/function.socket-wsaprotocol-info-release.php">PHP manual</a>
    @SuppressWarnings("DoNotCallSuggester") // it is in PHP as well, elsewhere
    public static boolean socket_wsaprotocol_info_release(String infoId) {
        throw Streams.ofWindows("socket_wsaprotocol_info_release");
    }

    /// Closes a socket.
    ///
    /// `void socket_close(Socket $socket)`
    ///
    /// @param socket what is closed
    /// @throws PhpError if it is closed
    /// @throws TypeError if the stream that it was exported to is closed: then it is closed, too
    /// @see <a href="https://www.php.net/manual/en/function.socket-close.php">socket_close</a>
    public static void socket_close(Socket socket) {
        Arguments.requireSocket(Socket.php(socket), "socket_close");
        socket.closeOnce();
    }

    /// Returns the last error of this thread, 0 if there was none.
    ///
    /// @return the error, an `errno` or a negative number of the resolver; zero if there is none
    /// @see <a href="https://www.php.net/manual/en/function.socket-last-error.php">socket_last_error</a>
    public static int socket_last_error() {
        return Errors.last();
    }

    /// Returns the last error of a socket, 0 if there was none; of this thread, if `socket` is null.
    ///
    /// `int socket_last_error(?Socket $socket = null)`
    ///
    /// @param socket whose slot it is; `null` stands for the global one
    /// @return the error, an `errno` or a negative number of the resolver; zero if there is none
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-last-error.php">socket_last_error</a>
    public static int socket_last_error(@Nullable Socket socket) {
        if (socket == null) {
            return Errors.last();
        }
        Arguments.requireSocket(Socket.php(socket), "socket_last_error");
        return socket.php.lastError();
    }

    /// Forgets the last error of this thread.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.socket-clear-error.php">socket_clear_error</a>
    public static void socket_clear_error() {
        Errors.set(0);
    }

    /// Forgets the last error of a socket; of this thread, if `socket` is null.
    ///
    /// `void socket_clear_error(?Socket $socket = null)`
    ///
    /// @param socket whose slot it is; `null` stands for the global one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-clear-error.php">socket_clear_error</a>
    public static void socket_clear_error(@Nullable Socket socket) {
        if (socket == null) {
            Errors.set(0);
            return;
        }
        Arguments.requireSocket(Socket.php(socket), "socket_clear_error");
        socket.php.lastError(0);
    }

    /// Returns the text of an error, such as `Broken pipe`.
    ///
    /// `string socket_strerror(int $error_code)`
    ///
    /// @param errorCode an `errno`, or a negative number of the resolver
    /// @return the text
    /// @see <a href="https://www.php.net/manual/en/function.socket-strerror.php">socket_strerror</a>
    public static String socket_strerror(int errorCode) {
        return Errors.text(errorCode);
    }

    /// Returns how many bytes a text has in UTF-8.
    ///
    /// `int strlen(string $string)`
    ///
    /// @param s a text
    /// @return so many bytes
    public static int strlen(String s) {
        Arguments.requireNonNull(s, "strlen", 1, "string", "string");
        return s.getBytes(UTF_8).length;
    }

    /// Prints a text in UTF-8, whatever the locale says.
    ///
    /// `echo $text;`
    ///
    /// @param text what to print; `null` is no text
    public static void echo(@Nullable String text) {
        print((text == null ? "" : text).getBytes(UTF_8));
    }

    /// Prints what PHP's `var_dump` prints of a string, or of false, for which `null` stands.
    ///
    /// `var_dump($value);`
    ///
    /// @param value what to print; `null` as false
    public static void var_dump(byte @Nullable [] value) {
        if (value == null) {
            echo("bool(false)\n");
            return;
        }
        var dumped = new ByteArrayOutputStream(value.length + 32);
        dumped.writeBytes(("string(" + value.length + ") \"").getBytes(UTF_8));
        dumped.writeBytes(value);
        dumped.writeBytes("\"\n".getBytes(UTF_8));
        print(dumped.toByteArray());
    }

    /// Prints bytes as they are, whatever encoding `System.out` was opened with.
    private static void print(byte[] bytes) {
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    /// Lets `handler` have the warnings, which are otherwise printed to stderr as PHP does: a line each, with
    /// the line that called.
    ///
    /// It stands for PHP's `set_error_handler`. It is called on the thread that failed, after the error slots
    /// are set, and may throw.
    ///
    /// @param handler what gets each warning as a line without its end
    /// @return the handler before
    public static Consumer<String> onWarning(Consumer<String> handler) {
        Arguments.requireNonNull(handler, "onWarning", 1, "handler", "Consumer");
        return Errors.onWarning(handler);
    }

    @SuppressWarnings("NullAway") // null goes to where it is refused, with PHP's words
    private static byte[] bytes(String data) {
        return data == null ? null : data.getBytes(UTF_8);
    }

    static String os(String name) {
        if (name.startsWith("Windows")) {
            return "WINNT";
        }
        return name.equals("Mac OS X") ? "Darwin" : name;
    }
}
