package dev.dyad.process;

import dev.dyad.posix.Platforms;
import dev.dyad.process.inherited.InheritedSocketLookup;
import dev.dyad.process.inherited.SocketActivation;
import dev.dyad.process.inherited.SocketInode;
import dev.dyad.process.spawn.Environment;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this process was given by the one that started it.
///
/// A number from the environment proves nothing: in a JVM that was given no descriptor, 3 is a file of the JDK.
/// So the parent says which socket it is, and nothing else is taken for it.
///
/// {@snippet file="dev/dyad/process/examples/JavaExamplesTest.java" region="inherited"}
public final class Inherited {

    private static @Nullable StreamSocket socket; // guarded by the class
    private static @Nullable List<Passed> passed; // guarded by the class

    private Inherited() {}

    /// Returns the end that this process was given, which is close-on-exec from now on.
    ///
    /// It is looked for in this order:
    ///
    /// 1. what [Command#spawn] gave, by `DYAD_FD` and `DYAD_INODE`: that socket, and nothing else under its number;
    /// 2. Node's channel, by `NODE_CHANNEL_FD`, if it is an end of a pair that another process made. Node speaks
    ///    lines of JSON there;
    /// 3. the one descriptor that a service manager passed, by `LISTEN_FDS`, if it is a connection, as with
    ///    `Accept=yes`. See [#listening] for the others;
    /// 4. the standard input, if it is a connected socket, and our variables are not set: what
    ///    [System#inheritedChannel] would return.
    ///
    /// An end that has the number of a standard stream moves to a number of its own, and the null device takes
    /// its place at once, so that nothing that is printed can get among its bytes. Without native access only
    /// descriptor 0 can be taken, as a channel of the JDK, which makes that replacement when it is closed.
    ///
    /// Every call returns the same end. Its last user closes it, and nobody else. The variables stay in the
    /// environment of this process, which cannot be changed; a child that [Command#spawn] starts has none of
    /// them, and for one of a [ProcessBuilder] there is [#hide].
    ///
    /// @return the end whose other end the parent has
    /// @throws IllegalStateException if this process was not started so, or our variables make no sense
    /// @throws SystemCallException if the descriptor that they name is not open (`fstat`, `EBADF`), is something
    ///     else (`ENOTSOCK`) or another socket (`EBADF`)
    /// @throws UnsupportedOperationException where there is no native access, and no socket on descriptor 0
    public static synchronized StreamSocket socket() throws IOException {
        StreamSocket end = socket;
        if (end == null) {
            end = new InheritedSocketLookup(System.getenv()).end();
            socket = end;
        }
        return end;
    }

    /// Removes from an environment the variables that tell of a descriptor. It is for a copy of this
    /// process's, for a child that does not get the descriptor.
    ///
    /// [Command] does it by itself. A [ProcessBuilder] copies them to its children, which would believe them:
    /// `Inherited.hide(builder.environment())`.
    ///
    /// @param environment names and values, of which those are removed that [Command#environment] lists
    public static void hide(Map<String, String> environment) {
        Environment.OURS_ONLY.forEach(environment::remove);
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
    /// that was started so are not ours. They are close-on-exec from now on, and belong to the first caller:
    /// every call returns the same objects. One that [#socket] took is not open any more.
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
            taken = SocketActivation.take(
                    System.getenv(), ProcessHandle.current().pid());
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
        requireSame(fd, inode);
        return StreamSocket.adopt(fd);
    }

    /// Takes over a descriptor that is known to be a certain socket, of whatever kind.
    ///
    /// @param fd its number
    /// @param inode the inode of the socket that it must be
    /// @return the descriptor, which the caller turns into what it is
    /// @throws SystemCallException as [#socket]; the number then stays what it was
    public static Descriptor descriptor(int fd, long inode) throws IOException {
        requireSame(fd, inode);
        return Descriptor.adopt(fd);
    }

    /// Returns the number by which the kernel knows an end, in whichever process, for a child that will [#adopt]
    /// it.
    ///
    /// @param end an end with a descriptor
    /// @return its inode
    /// @throws IOException if it is closed
    public static long inode(DescriptorSource end) throws IOException {
        try (var fd = end.borrow()) {
            return SocketCalls.inode(fd.fd());
        }
    }

    private static void requireSame(int fd, long inode) throws IOException {
        String reason = Platforms.current().whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        SocketInode.require(fd, inode);
    }
}
