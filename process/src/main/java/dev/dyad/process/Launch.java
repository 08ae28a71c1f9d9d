package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.thread.BlockingCalls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One start of a command: makes what the child is given, spawns, and owns nothing afterwards.
final class Launch {

    private final Command command;
    private final CommandLine line;
    private final List<String> words;
    private final @Nullable Integer fd;
    private final Map<Integer, Stdio> streams;
    private final boolean endsByUs;

    /// @param line what was said
    /// @param words what is run, with what prepares it
    /// @param fd where the child finds its end, or `null` if it is to have none
    /// @param streams what it is to have on its descriptors beside that
    /// @param endsByUs whether it is ended when this JVM ends
    Launch(
            Command command,
            CommandLine line,
            List<String> words,
            @Nullable Integer fd,
            Map<Integer, Stdio> streams,
            boolean endsByUs) {
        this.command = command;
        this.line = line;
        this.words = words;
        this.fd = fd;
        this.streams = streams;
        this.endsByUs = endsByUs;
    }

    /// Who runs what spawns.
    @FunctionalInterface
    interface Spawner {

        /// Has it run, by a thread that may block until the program has been loaded.
        Child run(BlockingCalls.Call<Child, IOException> spawn) throws IOException;
    }

    /// Makes what the child is given on this thread, since a file may keep it waiting for longer than a spawn.
    Child start(Spawner spawner) throws IOException {
        String reason = Platform.current().whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        try (var handover = new Handover()) {
            boolean started = false;
            try {
                Map<String, String> variables = give(handover);
                Child child = spawner.run(() -> start(handover, variables));
                started = true;
                return child;
            } finally {
                if (!started) {
                    handover.ours().close();
                }
            }
        }
    }

    private Child start(Handover handover, Map<String, String> variables) throws IOException {
        var reaper = Reaper.running();
        try {
            handover.ours().begin(reaper);
            command.limits().require();
            ChildSignal.requireExits();
            var spawn = new Spawn(command, words, handover, variables);
            Child leader = command.leader();
            return Child.start(
                    command,
                    line,
                    handover.ours(),
                    reaper,
                    endsByUs,
                    leader == null ? spawn::run : () -> leader.spawnIntoGroup(spawn::run));
        } finally {
            reaper.release();
        }
    }

    /// @return what the child is told of its end
    private Map<String, String> give(Handover handover) throws IOException {
        Integer number = fd;
        Map<String, String> variables = number == null ? Map.of() : variables(number, handover.socket(number));
        for (var entry : streams.entrySet()) {
            entry.getValue().make(entry.getKey(), handover);
        }
        handover.resolve();
        return variables;
    }

    private static Map<String, String> variables(int number, StreamSocket end) throws IOException {
        return Map.of(
                Inherited.FD, Integer.toString(number),
                Inherited.INODE, Long.toUnsignedString(Inherited.inode(end)));
    }
}
