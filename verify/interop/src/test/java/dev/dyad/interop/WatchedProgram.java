package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.harness.JavaProbe;
import dev.dyad.message.MessageChannel;
import dev.dyad.message.Wire;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.Deadline;
import dev.dyad.socket.Listener;
import dev.dyad.socket.Pipe;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.SocketSelector;
import dev.dyad.socket.StreamSocket;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// A JVM that has some of everything, for `dyad top` to look at. It says the pid of one of its children. For each line
/// that it reads it makes ten requests, and ends that child; it ends with its standard input.
final class WatchedProgram {

    private WatchedProgram() {}

    /// Starts one, and returns when it has everything.
    static Started start() throws IOException {
        return new Started(builder().start());
    }

    /// Starts one in a folder.
    static Started startIn(Path folder) throws IOException {
        return new Started(builder().directory(folder.toFile()).start());
    }

    private static ProcessBuilder builder() {
        return new ProcessBuilder(JavaProbe.of(WatchedProgram.class)
                        .options("-Ddyad.root=" + PhpRuns.ROOT)
                        .command())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    public static void main(String[] arguments) throws Exception {
        String worker = PhpRuns.ROOT.resolve("children/worker.py").toString();
        try (SocketPair<StreamSocket> _ = SocketPair.stream();
                SocketPair<StreamSocket> spoken = SocketPair.stream();
                MessageChannel _ = MessageChannel.over(spoken.left(), Wire.framed());
                MessageChannel _ = MessageChannel.over(spoken.right(), Wire.framed());
                Listener<StreamSocket> _ = Listener.stream(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Pipe _ = Pipe.open();
                SocketSelector _ = SocketSelector.open();
                Child first = Command.of("sh", "-c", "read line <&3").spawn();
                Child _ = Command.of("sh", "-c", "read line <&3").spawn();
                Workers pool =
                        WorkerPlan.of(Command.of("python3", worker)).workers(2).start()) {
            pool.awaitReady(Deadline.never());
            System.out.println(first.pid());
            serve(first, pool);
        }
    }

    /// For each line: ten requests, and the end of the child.
    private static void serve(Child victim, Workers pool) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (in.readLine() != null) {
            for (int i = 0; i < 10; i++) {
                var _ = pool.call(UTF_8.encode("x"));
            }
            victim.close();
        }
    }
}
