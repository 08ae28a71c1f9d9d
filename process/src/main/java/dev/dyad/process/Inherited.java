package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this process was given by the one that started it.
///
/// A number from the environment proves nothing: in a JVM that was given no descriptor, 3 is a file of the JDK.
/// So the parent says which socket it is, and nothing else is taken for it.
public final class Inherited {

    static final String FD = "DYAD_FD";
    static final String INODE = "DYAD_INODE";

    private static @Nullable StreamSocket socket; // guarded by the class
    private static @Nullable List<Passed> passed; // guarded by the class

    private Inherited() {}

    /// Returns the end that [Command#spawn] gave to this process, which is close-on-exec from now on.
    ///
    /// Every call returns the same end. Whoever uses it last closes it; nobody else does.
    ///
    /// @return the end whose other end the parent has
    /// @throws IllegalStateException if this process was not started so, or the variables make no sense
    /// @throws SystemCallException if the descriptor is not open (`fstat`, `EBADF`), is something else
    ///     (`ENOTSOCK`) or another socket (`EBADF`)
    /// @throws UnsupportedOperationException where there is no native access
    public static synchronized StreamSocket socket() throws IOException {
        StreamSocket end = socket;
        if (end == null) {
            Map<String, String> environment = System.getenv();
            end = adopt((int) number(environment, FD, Integer.MAX_VALUE), number(environment, INODE, Long.MAX_VALUE));
            socket = end;
        }
        return end;
    }

    /// A descriptor that the service manager opened for this process.
    ///
    /// @param name what the manager calls it: the name of its unit, or what `FileDescriptorName=` says
    /// @param descriptor the descriptor, which the caller turns into what it is: a listener, a message socket, a
    ///     file
    public record Passed(String name, Descriptor descriptor) {}

    /// Returns what the service manager opened for this process, as with socket activation.
    ///
    /// They are numbered from 3 on, and taken only if `LISTEN_PID` is this process: the variables of a parent
    /// that was started so are not ours. They are close-on-exec from now on, and belong to whoever called this
    /// first: every call returns the same objects.
    ///
    /// @return the descriptors in their order, none if this process was not started so
    /// @throws IllegalStateException if the variables make no sense
    /// @throws SystemCallException if one is not open: then none is taken
    /// @throws UnsupportedOperationException if there are some, and no native access
    /// @see <a
    ///     href="https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html">sd_listen_fds(3)</a>
    public static synchronized List<Passed> listening() throws IOException {
        List<Passed> taken = passed;
        if (taken == null) {
            taken = Activation.take(System.getenv(), ProcessHandle.current().pid());
            passed = taken;
        }
        return taken;
    }

    /// Takes over a descriptor that is known to be a certain socket.
    ///
    /// @param fd its number
    /// @param inode the inode of the socket that it must be
    /// @return the end, which the caller closes
    /// @throws SystemCallException as [#socket]; the number then stays what it was
    public static StreamSocket adopt(int fd, long inode) throws IOException {
        String reason = Platform.current().whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        if (Inode.of(fd) != inode) {
            throw new SystemCallException(
                    "fstat", Errno.EBADF, "descriptor " + fd + " is a socket, but not the one with inode " + inode);
        }
        return StreamSocket.adopt(fd);
    }

    /// Returns the number by which the kernel knows an end, in whichever process, for a child that will [#adopt]
    /// it.
    ///
    /// @param end an end with a descriptor
    /// @return its inode
    /// @throws IOException if it is closed
    public static long inode(StreamSocket end) throws IOException {
        try (var fd = end.borrow()) {
            return Inode.of(fd.fd());
        }
    }

    static long number(Map<String, String> environment, String name, long largest) {
        String text = environment.get(name);
        if (text == null) {
            throw new IllegalStateException(name + " is not set: this process was not started by Dyad");
        }
        try {
            long number = Long.parseUnsignedLong(text);
            if (number >= 0 && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalStateException(name + " is not a number: \"" + text + "\"", e);
        }
        throw new IllegalStateException(name + " is out of range: " + text);
    }
}
