package dev.dyad.cli;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.SocketChannel;

/// How Dyad waits, spawns and adopts on this machine, and why not in another way.
final class Strategies {

    private Strategies() {}

    static Report report(Platform os) {
        var report = new Report("How it is done here").add("a pair", pair(os));
        String why = os.whyNotNative();
        if (why != null) {
            return withoutNativeCalls(report, os, why);
        }
        return spawning(waiting(report, os), os)
                .add(
                        "adopting",
                        "by number: StreamSocket.adopt(fd); a child takes DYAD_FD if it is a socket with DYAD_INODE")
                .also("not System.inheritedChannel(): the JDK looks at descriptor 0 only")
                .add("into the JDK", channel(os));
    }

    private static Report waiting(Report report, Platform os) {
        int wake = probe(os::openWakeDescriptor);
        int queue = probe(os::openEventQueue);
        return report.add(
                        "waiting, platform threads",
                        wake >= 0
                                ? polled(os)
                                : "tries again and again, 0.1 to 10 ms apart; no ppoll: eventfd: " + refusal(wake))
                .also("not one more thread that waits for them: the hop to it takes 10 to 60 µs")
                .also(spin())
                .add(
                        "waiting, virtual threads",
                        queue >= 0
                                ? "parked; one thread per direction waits for all of them in one queue ("
                                        + os.eventQueueCall() + ")"
                                : "tries again and again, 0.1 to 10 ms apart; " + os.eventQueueCall() + ": "
                                        + refusal(queue))
                .also("not in ppoll: a blocking call would hold the thread that carries them");
    }

    private static String polled(Platform os) {
        String polled = "ppoll on the end and on a descriptor that wakes it (eventfd)";
        return os.blocks() ? "recvfrom, which a signal ends, to read without a deadline; else " + polled : polled;
    }

    private static Report spawning(Report report, Platform os) {
        boolean closeFrom = os.closesFrom();
        report.add(
                        "spawning",
                        closeFrom
                                ? "posix_spawnp, which closes everything else in the child (addclosefrom_np)"
                                : "posix_spawnp, which closes each other number in the child (addclose)")
                .also(
                        closeFrom
                                ? "not by one action for each number (addclose), which is not needed"
                                : "not addclosefrom_np: " + os.libc() + " has none")
                .also("not fork: the child of a JVM would have one thread, and the locks of all");
        int pidfd = probe(
                state -> os.openProcess(state, (int) ProcessHandle.current().pid()));
        return report.also(
                pidfd >= 0
                        ? "a child is held by its pidfd (pidfd_open), so that no signal reaches a stranger"
                        : "a child cannot be held, for pidfd_open is refused: " + refusal(pidfd));
    }

    private static Report withoutNativeCalls(Report report, Platform os, String why) {
        return report.add("waiting, platform threads", "the JDK's own, in its channels")
                .add("waiting, virtual threads", "the JDK's own, in its channels")
                .also("not in ppoll or an event queue: " + why)
                .add("spawning", "not available: " + why)
                .add("adopting", "not available: " + why)
                .add("into the JDK", channel(os));
    }

    /// Opens one, to see that it works.
    private static String pair(Platform os) {
        try (SocketPair<StreamSocket> pair = SocketPair.stream()) {
            String made = os.isNative() ? "socketpair, two unnamed sockets of AF_UNIX" : "two channels of the JDK";
            return made + ", which can do " + capabilities(pair.left());
        } catch (IOException e) {
            return "not available: " + e.getMessage();
        }
    }

    private static String capabilities(StreamSocket end) {
        String all = end.capabilities().toString(); // [THIS, THAT]
        return all.equals("[]") ? "no more than bytes" : all.substring(1, all.length() - 1);
    }

    private static String spin() {
        int most = Runtime.getRuntime().availableProcessors() / 2;
        if (System.getProperty("dyad.spin", "").equals("off")) {
            return "no spinning before it waits: -Ddyad.spin=off";
        }
        return most == 0
                ? "no spinning before it waits: there is one core"
                : "spins before it waits, where that has made waits shorter; at most " + most + " at a time";
    }

    /// Turns an end into a channel, to see that it works.
    private static String channel(Platform os) {
        try (SocketPair<StreamSocket> pair = SocketPair.stream();
                SocketChannel channel = pair.left().toSocketChannel()) {
            if (!channel.isConnected()) {
                return "not available: the JDK does not take the channel for a connected one";
            }
            return os.isNative()
                    ? "toSocketChannel: a channel that the JDK opened is given the end's socket (dup3)"
                    : "toSocketChannel: the end is a channel of the JDK already";
        } catch (IOException e) {
            return "not available: " + e.getMessage();
        }
    }

    private static String refusal(int answer) {
        return Errno.of(answer).toString();
    }

    private static int probe(Opening opening) {
        try (var arena = Arena.ofConfined()) {
            var state = new CallState(arena);
            int answer = opening.open(state);
            if (answer >= 0) {
                Unistd.close(state, answer);
            }
            return answer;
        }
    }

    private interface Opening {
        int open(CallState state);
    }
}
