package dev.dyad.process.inherited;

import dev.dyad.posix.Platforms;
import dev.dyad.process.Inherited;
import dev.dyad.socket.Errno;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The ways in which a process is told of the end that it was given, in the order in which they are asked.
///
/// A variable may be a leftover of a grandparent, which is a common mistake. So each must be proved: ours by the
/// inode, Node's by the process that made the pair, a service manager's by our pid. One that is not proved is
/// passed over, and named where nothing else is found.
public final class InheritedSocketLookup {

    /// The variable with the number of the end that [dev.dyad.process.Command#spawn] gave.
    public static final String FD = "DYAD_FD";

    /// The variable with the inode of that socket.
    public static final String INODE = "DYAD_INODE";

    private static final String NODE = "NODE_CHANNEL_FD";
    private static final String ACTIVATION = "LISTEN_FDS";
    private static final int STANDARD_INPUT = 0;

    /// Ends the message for a program that was started in another way, as from a shell.
    private static final String STARTED_BY = "; no variable of the environment names a descriptor of it,"
            + " as DYAD_FD does in a child that Command.spawn() or JavaCommand.spawn() started";

    private static final String NOT_SET = " is not set: to start this program without Dyad, set DYAD_FD to the"
            + " number of a socket, and DYAD_INODE to its inode (st_ino of fstat); or give it the socket as standard"
            + " input, and set neither. Command.spawn() and JavaCommand.spawn() do that themselves";

    private final Map<String, String> environment;

    /// @param environment the variables of this process
    public InheritedSocketLookup(Map<String, String> environment) {
        this.environment = environment;
    }

    /// Returns the end that this process was given, which is close-on-exec.
    ///
    /// @throws IllegalStateException if there is none
    public StreamSocket end() throws IOException {
        String reason = Platforms.current().whyNotNative();
        if (reason != null) {
            return endOfTheJdk(reason);
        }
        var failures = new ArrayList<Exception>();
        for (Convention convention : conventions()) {
            try {
                return convention.end();
            } catch (IllegalStateException | IOException notTheirs) {
                failures.add(notTheirs);
            }
        }
        if (isOurs() && failures.getFirst() instanceof IOException refused) {
            throw refused;
        }
        throw nothing(failures);
    }

    @FunctionalInterface
    private interface Convention {
        StreamSocket end() throws IOException;
    }

    /// A parent that says that the end is ours gives no other one as standard input.
    private List<Convention> conventions() {
        return isOurs()
                ? List.of(this::ours, this::ofNode, this::ofTheServiceManager)
                : List.of(this::ofNode, this::ofTheServiceManager, this::ofInetd);
    }

    private boolean isOurs() {
        return environment.containsKey(FD) || environment.containsKey(INODE);
    }

    private IllegalStateException nothing(List<Exception> failures) {
        if (isOurs() && failures.getFirst() instanceof IllegalStateException refused) {
            return refused;
        }
        return new IllegalStateException(failures.stream()
                .map(Exception::getMessage)
                .collect(Collectors.joining("; ", "this process was given no end: ", STARTED_BY)));
    }

    private StreamSocket ours() throws IOException {
        requireBoth();
        int fd = (int) NumberVariable.of(environment, FD, Integer.MAX_VALUE);
        return StandardStreamSocket.adopt(fd, NumberVariable.of(environment, INODE, Long.MAX_VALUE));
    }

    private void requireBoth() {
        for (String name : List.of(FD, INODE)) {
            if (!environment.containsKey(name)) {
                throw new IllegalStateException(name + NOT_SET);
            }
        }
    }

    /// Node's own channel: an unnamed pair that another process made, since a number by itself proves nothing.
    private StreamSocket ofNode() throws IOException {
        int fd = (int) NumberVariable.of(environment, NODE, Integer.MAX_VALUE);
        if (!SocketOrigin.isAnother(fd)) {
            throw new IllegalStateException(
                    NODE + " is " + fd + ", which is no end of a pair that another process made");
        }
        return StandardStreamSocket.adopt(fd, SocketCalls.inode(fd));
    }

    /// A connection that the service manager accepted, where it is all that was passed.
    private StreamSocket ofTheServiceManager() throws IOException {
        List<Inherited.Passed> passed = Inherited.listening();
        if (passed.size() != 1) {
            throw new IllegalStateException(ACTIVATION
                    + (passed.isEmpty() ? " passes nothing" : " passes " + passed.size()) + " to this process");
        }
        return passed.getFirst().descriptor().toStreamSocket();
    }

    /// The standard input, as a channel of the JDK would be inherited.
    private StreamSocket ofInetd() throws IOException {
        long inode;
        try {
            inode = SocketCalls.inode(STANDARD_INPUT);
        } catch (SystemCallException e) {
            throw new SystemCallException(e.call(), e.errno(), "standard input");
        }
        if (!SocketOrigin.hasPeer(STANDARD_INPUT)) {
            throw new SystemCallException("getpeername", Errno.ENOTCONN, "standard input");
        }
        return StandardStreamSocket.adopt(STANDARD_INPUT, inode);
    }

    private static StreamSocket endOfTheJdk(String reason) throws IOException {
        if (System.inheritedChannel() instanceof SocketChannel channel) {
            return StreamSocket.adopt(channel);
        }
        throw new UnsupportedOperationException(reason + ", and descriptor 0 is no connected socket");
    }
}
