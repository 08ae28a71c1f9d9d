package dev.dyad.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.NativeText;
import dev.dyad.process.inherited.NumberVariable;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.MessageSocket;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells the service manager that started this process how it is doing, by a datagram to `NOTIFY_SOCKET`.
///
/// Where there is no manager that wants to know, every method does nothing and answers `false`. Any thread may
/// call them. They wait while the manager's socket is full, up to the deadline where one is given.
///
/// {@snippet file="dev/dyad/process/examples/OutputExamplesTest.java" region="service-manager"}
///
/// @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
public final class ServiceManager {

    static final String VARIABLE = "NOTIFY_SOCKET";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ServiceManager() {}

    /// Says that this process has started and does its work.
    ///
    /// @return whether there is a manager that was told
    /// @throws IOException as [#send]
    public static boolean ready() throws IOException {
        return send("READY=1");
    }

    /// Says that this process begins to end.
    ///
    /// @return whether there is a manager that was told
    /// @throws IOException as [#send]
    public static boolean stopping() throws IOException {
        return send("STOPPING=1");
    }

    /// Says that this process begins to read its configuration anew; [#ready] says that it is done.
    ///
    /// @return whether there is a manager that was told
    /// @throws IOException as [#send]
    public static boolean reloading() throws IOException {
        return send("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / 1000); // the clock is CLOCK_MONOTONIC
    }

    /// Says that this process is alive, which it has to do at least once in each [#watchdogInterval].
    ///
    /// @return whether there is a manager that was told
    /// @throws IOException as [#send]
    public static boolean alive() throws IOException {
        return send("WATCHDOG=1");
    }

    /// Says in a line for people what this process is doing.
    ///
    /// @param line the line
    /// @return whether there is a manager that was told
    /// @throws IOException as [#send]
    public static boolean status(String line) throws IOException {
        return send("STATUS=" + line);
    }

    /// Sends some assignments, such as `READY=1`, in one datagram.
    ///
    /// @param assignments each `NAME=value`, without a line feed
    /// @return whether there is a manager that was told
    /// @throws IllegalArgumentException if one is not an assignment, or has a line feed
    /// @throws IllegalStateException if `NOTIFY_SOCKET` makes no sense
    /// @throws dev.dyad.socket.SystemCallException if the manager is gone
    /// @throws java.net.SocketTimeoutException if its socket stays full for five seconds
    /// @throws UnsupportedOperationException where there is a manager, and no native access
    /// @throws IOException if it cannot be told for another reason
    public static boolean send(String... assignments) throws IOException {
        return send(List.of(assignments), List.of(), Deadline.after(PATIENCE));
    }

    /// Sends some assignments with descriptors in one datagram, as with `FDSTORE=1` for the manager to keep them.
    ///
    /// @param assignments each `NAME=value`, without a line feed
    /// @param descriptors what goes with them, at most 253
    /// @param deadline until when to wait where the manager's socket is full
    /// @return whether there is a manager that was told
    /// @throws java.net.SocketTimeoutException if its socket was full all the time
    /// @throws IOException as [#send(String...)]
    public static boolean send(
            List<String> assignments, Collection<? extends DescriptorSource> descriptors, Deadline deadline)
            throws IOException {
        ByteBuffer datagram = UTF_8.encode(lines(assignments));
        SocketAddress manager = address(NativeText.variable(VARIABLE));
        if (manager == null) {
            return false;
        }
        try (MessageSocket socket = MessageSocket.open(SocketPair.AF_UNIX, SocketPair.SOCK_DGRAM)) {
            socket.sendTo(datagram, manager, descriptors, deadline);
            return true;
        }
    }

    /// Returns how often the manager wants to hear [#alive]: twice as often is a good choice.
    ///
    /// @return the longest time between two, or `null` where it does not ask
    /// @throws IllegalStateException if `WATCHDOG_USEC` makes no sense
    public static @Nullable Duration watchdogInterval() {
        return watchdogInterval(System.getenv(), ProcessHandle.current().pid());
    }

    static @Nullable Duration watchdogInterval(Map<String, String> environment, long ownPid) {
        if (!environment.containsKey("WATCHDOG_USEC")) {
            return null;
        }
        boolean forUs = !environment.containsKey("WATCHDOG_PID")
                || NumberVariable.of(environment, "WATCHDOG_PID", Long.MAX_VALUE) == ownPid;
        return forUs
                ? Duration.ofNanos(1000 * NumberVariable.of(environment, "WATCHDOG_USEC", Long.MAX_VALUE / 1000))
                : null;
    }

    static String lines(List<String> assignments) {
        var lines = new StringBuilder();
        for (String assignment : assignments) {
            if (assignment.indexOf('=') < 1 || assignment.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("not an assignment in one line: \"" + assignment + "\"");
            }
            lines.append(assignment).append('\n');
        }
        return lines.toString();
    }

    static @Nullable SocketAddress address(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        return switch (name.charAt(0)) {
            case '/' -> UnixAddress.of(NativeText.path(name));
            case '@' -> UnixAddress.ofAbstract(NativeText.bytes(name.substring(1)));
            default -> throw new IllegalStateException(VARIABLE + " is no address that we know: \"" + name + "\"");
        };
    }
}
