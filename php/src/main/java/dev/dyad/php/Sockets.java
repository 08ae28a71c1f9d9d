package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.Platform;
import dev.dyad.socket.SocketPair;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The socket functions of PHP, by their names: `import static dev.dyad.php.Sockets.*;`.
///
/// The level is PHP 8.2. What a PHP function answers with `false` is `null`, `-1` or `false` here, whichever
/// the result leaves free; `&$x` is a [Ref]. A failed call sets two error slots, the socket's own and a
/// global one, which is one per thread, and warns ([#onWarning]); a call that only would have had to wait
/// does not warn. Success clears no slot. A program's own mistake is a [PhpError], with PHP's message, and
/// changes no slot.
///
/// All may be called from any thread, virtual ones too.
///
/// @see <a href="https://www.php.net/manual/en/book.sockets.php">Sockets, PHP manual</a>
public final class Sockets {

    /// The family of sockets of one machine.
    public static final int AF_UNIX = SocketPair.AF_UNIX;

    /// The family of IPv4.
    public static final int AF_INET = SocketPair.AF_INET;

    /// The family of IPv6.
    public static final int AF_INET6 = SocketPair.AF_INET6;

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

    /// Read until the end of a line.
    public static final int PHP_NORMAL_READ = 1;

    /// Read what is there.
    public static final int PHP_BINARY_READ = 2;

    /// Do not wait: answer 0 when no child has ended.
    public static final int WNOHANG = 1;

    /// Tell of children that were stopped, too.
    public static final int WUNTRACED = 2;

    /// Tell of children that go on after a stop, too.
    public static final int WCONTINUED = 8;

    /// Operation not permitted.
    public static final int SOCKET_EPERM = errno("EPERM");

    /// No such file or directory.
    public static final int SOCKET_ENOENT = errno("ENOENT");

    /// Interrupted system call.
    public static final int SOCKET_EINTR = errno("EINTR");

    /// Input/output error.
    public static final int SOCKET_EIO = errno("EIO");

    /// Argument list too long.
    public static final int SOCKET_E2BIG = errno("E2BIG");

    /// Bad file descriptor.
    public static final int SOCKET_EBADF = errno("EBADF");

    /// Resource temporarily unavailable.
    public static final int SOCKET_EAGAIN = errno("EAGAIN");

    /// Resource temporarily unavailable; another name of [#SOCKET_EAGAIN].
    public static final int SOCKET_EWOULDBLOCK = SOCKET_EAGAIN;

    /// Cannot allocate memory.
    public static final int SOCKET_ENOMEM = errno("ENOMEM");

    /// Permission denied.
    public static final int SOCKET_EACCES = errno("EACCES");

    /// Invalid argument.
    public static final int SOCKET_EINVAL = errno("EINVAL");

    /// Too many open files in system.
    public static final int SOCKET_ENFILE = errno("ENFILE");

    /// Too many open files.
    public static final int SOCKET_EMFILE = errno("EMFILE");

    /// Broken pipe.
    public static final int SOCKET_EPIPE = errno("EPIPE");

    /// Protocol not supported.
    public static final int SOCKET_EPROTONOSUPPORT = errno("EPROTONOSUPPORT");

    /// Socket type not supported.
    public static final int SOCKET_ESOCKTNOSUPPORT = errno("ESOCKTNOSUPPORT");

    /// Operation not supported.
    public static final int SOCKET_EOPNOTSUPP = errno("EOPNOTSUPP");

    /// Address family not supported by protocol.
    public static final int SOCKET_EAFNOSUPPORT = errno("EAFNOSUPPORT");

    /// Connection reset by peer.
    public static final int SOCKET_ECONNRESET = errno("ECONNRESET");

    /// No buffer space available.
    public static final int SOCKET_ENOBUFS = errno("ENOBUFS");

    /// Transport endpoint is not connected.
    public static final int SOCKET_ENOTCONN = errno("ENOTCONN");

    /// The name of this system as PHP has it: `Linux`, `Darwin`, `WINNT`.
    public static final String PHP_OS = os(System.getProperty("os.name", ""));

    private Sockets() {}

    /// Makes a pair of connected sockets.
    ///
    /// `bool socket_create_pair(int $domain, int $type, int $protocol, array &$pair)`
    ///
    /// On Linux that is [#AF_UNIX] and [#SOCK_STREAM]; the other types of that family, which PHP has, are
    /// refused with [#SOCKET_ESOCKTNOSUPPORT] by this version. [#AF_INET] is for systems without
    /// `socketpair(2)`, such as Windows, and for Java without native access: a pair over the loopback
    /// address.
    ///
    /// @param domain [#AF_UNIX], [#AF_INET] or [#AF_INET6]
    /// @param type a `SOCK_` constant
    /// @param protocol 0 for the usual one
    /// @param pair its first two elements are replaced; untouched on failure
    /// @return whether there is a pair; if not, [#socket_last_error()] says why
    /// @throws ValueError if the domain or the type is none, or `pair` is shorter than two
    /// @throws TypeError if `pair` is null
    /// @see <a href="https://www.php.net/manual/en/function.socket-create-pair.php">socket_create_pair</a>
    public static boolean socket_create_pair(int domain, int type, int protocol, Socket[] pair) {
        return Pairs.create(domain, type, protocol, pair);
    }

    /// Reads what is there, at most `length` bytes, waiting for at least one.
    ///
    /// `string|false socket_read(Socket $socket, int $length, int $mode = PHP_BINARY_READ)`
    ///
    /// @return the bytes, none at the end; `null` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-read.php">socket_read</a>
    public static byte @Nullable [] socket_read(Socket socket, int length) {
        return socket_read(socket, length, PHP_BINARY_READ);
    }

    /// Reads at most `length` bytes, waiting for at least one.
    ///
    /// `string|false socket_read(Socket $socket, int $length, int $mode = PHP_BINARY_READ)`
    ///
    /// [#PHP_NORMAL_READ] ends after a `\n` or a `\r`, which is part of the result. Where PHP loses the
    /// beginning of a line that the end of the stream or an error cuts off, this returns it; and the end is
    /// an empty result, not an error.
    ///
    /// @param length how many bytes at most; of more than a million one call still returns at most 1,048,576
    /// @param mode [#PHP_BINARY_READ], as is any unknown number, or [#PHP_NORMAL_READ]
    /// @return the bytes, none at the end; `null` stands for false, also for a length below one
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-read.php">socket_read</a>
    public static byte @Nullable [] socket_read(Socket socket, int length, int mode) {
        Arguments.requireSocket(socket, "socket_read");
        return mode == PHP_NORMAL_READ ? Transfer.readLine(socket, length) : Transfer.read(socket, length);
    }

    /// Writes bytes, waiting until all are accepted.
    ///
    /// `int|false socket_write(Socket $socket, string $data, ?int $length = null)`
    ///
    /// @return how many were written; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, byte[] data) {
        requireWritable(socket, data);
        return Transfer.write(socket, data, data.length);
    }

    /// Writes the first `length` bytes, waiting until all are accepted.
    ///
    /// `int|false socket_write(Socket $socket, string $data, ?int $length = null)`
    ///
    /// @param length how many; all, if there are fewer
    /// @return how many were written, fewer where the other end was closed midway; `-1` stands for false
    /// @throws PhpError if the socket is closed
    /// @throws ValueError if the length is negative
    /// @see <a href="https://www.php.net/manual/en/function.socket-write.php">socket_write</a>
    public static int socket_write(Socket socket, byte[] data, int length) {
        requireWritable(socket, data);
        if (length < 0) {
            throw new ValueError("socket_write(): Argument #3 ($length) must be greater than or equal to 0");
        }
        return Transfer.write(socket, data, length);
    }

    /// Writes a text in UTF-8, as [#socket_write(Socket, byte\[\])] does.
    public static int socket_write(Socket socket, String data) {
        requireWritable(socket, data);
        return socket_write(socket, data.getBytes(UTF_8));
    }

    /// Writes the first `length` bytes of a text in UTF-8, as [#socket_write(Socket, byte\[\], int)] does.
    ///
    /// @param length in bytes, as [#strlen] counts them
    public static int socket_write(Socket socket, String data, int length) {
        requireWritable(socket, data);
        return socket_write(socket, data.getBytes(UTF_8), length);
    }

    /// Closes a socket.
    ///
    /// `void socket_close(Socket $socket)`
    ///
    /// @throws PhpError if it is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-close.php">socket_close</a>
    public static void socket_close(Socket socket) {
        Arguments.requireSocket(socket, "socket_close");
        socket.close();
    }

    /// Returns the last error of this thread, 0 if there was none.
    ///
    /// `int socket_last_error(?Socket $socket = null)`
    ///
    /// @see <a href="https://www.php.net/manual/en/function.socket-last-error.php">socket_last_error</a>
    public static int socket_last_error() {
        return Errors.last();
    }

    /// Returns the last error of a socket, 0 if there was none; of this thread, if `socket` is null.
    ///
    /// `int socket_last_error(?Socket $socket = null)`
    ///
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-last-error.php">socket_last_error</a>
    public static int socket_last_error(@Nullable Socket socket) {
        if (socket == null) {
            return Errors.last();
        }
        Arguments.requireSocket(socket, "socket_last_error");
        return socket.lastError();
    }

    /// Forgets the last error of this thread.
    ///
    /// `void socket_clear_error(?Socket $socket = null)`
    ///
    /// @see <a href="https://www.php.net/manual/en/function.socket-clear-error.php">socket_clear_error</a>
    public static void socket_clear_error() {
        Errors.set(0);
    }

    /// Forgets the last error of a socket; of this thread, if `socket` is null.
    ///
    /// `void socket_clear_error(?Socket $socket = null)`
    ///
    /// @throws PhpError if the socket is closed
    /// @see <a href="https://www.php.net/manual/en/function.socket-clear-error.php">socket_clear_error</a>
    public static void socket_clear_error(@Nullable Socket socket) {
        if (socket == null) {
            Errors.set(0);
            return;
        }
        Arguments.requireSocket(socket, "socket_clear_error");
        socket.lastError(0);
    }

    /// Returns the text of an error, such as `Broken pipe`.
    ///
    /// `string socket_strerror(int $error_code)`
    ///
    /// @see <a href="https://www.php.net/manual/en/function.socket-strerror.php">socket_strerror</a>
    public static String socket_strerror(int errorCode) {
        return Strerror.text(errorCode);
    }

    /// Returns how many bytes a text has in UTF-8.
    ///
    /// `int strlen(string $string)`
    public static int strlen(String s) {
        return s.getBytes(UTF_8).length;
    }

    /// Prints a text in UTF-8, whatever the locale says.
    ///
    /// `echo $text;`
    public static void echo(String text) {
        Output.print(text);
    }

    /// Prints what PHP's `var_dump` prints of a string, or of false, for which `null` stands.
    ///
    /// `var_dump($value);`
    public static void var_dump(byte @Nullable [] value) {
        Output.dump(value);
    }

    /// Starts a process that has copies of these sockets and runs `body`.
    ///
    /// It stands for PHP's `int pcntl_fork()`, which the JVM cannot have: `fork(2)` copies only the thread
    /// that calls it. The collector's threads, the compiler's and all others would be missing in the child,
    /// with the locks that they held locked for ever; the next allocation could already hang.
    ///
    /// So the child is a new JVM, which begins with `body` and not at this line, and has nothing of this
    /// JVM's memory but what the sockets bring: static fields have what their initializers put there. Each
    /// side closes the sockets that it does not use, as in PHP. The child gets this JVM's class or module
    /// path, native access, memory limits and `-D` options, but no agent, debugger, JMX port, flight
    /// recording or log file. It exits with 0 when `body` returns, and with 255 and a stack trace when it
    /// throws.
    ///
    /// Works in a program that was started as `java File.java`, too, where the child compiles that file once
    /// more.
    ///
    /// @param body a static method or a lambda that captures nothing: only its name travels
    /// @param sockets what the child gets copies of; they stay open here
    /// @return the pid of the child, `-1` if there is none
    /// @throws ValueError if the body captures something, or a new JVM could not load or call it
    /// @throws PhpError if a socket is closed
    /// @throws UnsupportedOperationException without native access
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-fork.php">pcntl_fork</a>
    public static int pcntl_fork(Body body, Socket... sockets) {
        return Forks.fork(body, sockets);
    }

    /// Waits until a child of [#pcntl_fork] has ended.
    ///
    /// `int pcntl_waitpid(int $process_id, int &$status, int $flags = 0)`
    ///
    /// @param pid the child; -1 or 0 for any of them
    /// @param status how it ended, for [#pcntl_wifexited] and its family
    /// @return the pid, or `-1` if there is no such child or the thread was interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-waitpid.php">pcntl_waitpid</a>
    public static int pcntl_waitpid(int pid, Ref<Integer> status) {
        return pcntl_waitpid(pid, status, 0);
    }

    /// Waits until a child of [#pcntl_fork] has ended, or was stopped, or goes on.
    ///
    /// `int pcntl_waitpid(int $process_id, int &$status, int $flags = 0)`
    ///
    /// Nothing tells of a stop, so that with [#WUNTRACED] or [#WCONTINUED] this looks every hundredth of a
    /// second.
    ///
    /// @param pid the child; -1 or 0 for any of them
    /// @param status what became of it, for [#pcntl_wifexited] and its family
    /// @param flags [#WNOHANG], [#WUNTRACED], [#WCONTINUED]
    /// @return the pid, 0 if there is nothing to say yet, or `-1` if there is no such child or the thread was
    ///     interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-waitpid.php">pcntl_waitpid</a>
    public static int pcntl_waitpid(int pid, Ref<Integer> status, int flags) {
        return Children.waitFor(pid, status, flags);
    }

    /// Returns whether the child exited.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifexited.php">pcntl_wifexited</a>
    public static boolean pcntl_wifexited(int status) {
        return Status.isExited(status);
    }

    /// Returns the code that the child exited with.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wexitstatus.php">pcntl_wexitstatus</a>
    public static int pcntl_wexitstatus(int status) {
        return Status.high(status);
    }

    /// Returns whether a signal ended the child.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifsignaled.php">pcntl_wifsignaled</a>
    public static boolean pcntl_wifsignaled(int status) {
        return Status.isSignaled(status);
    }

    /// Returns the signal that ended the child.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wtermsig.php">pcntl_wtermsig</a>
    public static int pcntl_wtermsig(int status) {
        return Status.signal(status);
    }

    /// Returns whether the child is stopped.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifstopped.php">pcntl_wifstopped</a>
    public static boolean pcntl_wifstopped(int status) {
        return Status.isStopped(status);
    }

    /// Returns the signal that stopped the child.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wstopsig.php">pcntl_wstopsig</a>
    public static int pcntl_wstopsig(int status) {
        return Status.high(status);
    }

    /// Returns whether the child goes on after a stop.
    ///
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifcontinued.php">pcntl_wifcontinued</a>
    public static boolean pcntl_wifcontinued(int status) {
        return Status.isContinued(status);
    }

    /// Lets `handler` have the warnings, which are otherwise printed to stderr, a line each.
    ///
    /// It stands for PHP's `set_error_handler`. It is called on the thread that failed, after the error slots
    /// are set, and may throw.
    ///
    /// @return the handler before
    public static Consumer<String> onWarning(Consumer<String> handler) {
        return Errors.onWarning(handler);
    }

    private static void requireWritable(Socket socket, Object data) {
        Arguments.requireSocket(socket, "socket_write");
        Arguments.requireNonNull(data, "socket_write", 2, "data", "string");
    }

    private static int errno(String name) {
        return Platform.current().errno(name);
    }

    static String os(String name) {
        if (name.startsWith("Windows")) {
            return "WINNT";
        }
        return name.equals("Mac OS X") ? "Darwin" : name;
    }
}
