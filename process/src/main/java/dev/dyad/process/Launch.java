package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.process.exit.Reaper;
import dev.dyad.process.inherited.InheritedSocketLookup;
import dev.dyad.process.spawn.ChildDescriptors;
import dev.dyad.process.spawn.SigchldDisposition;
import dev.dyad.process.spawn.SpawnOperation;
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
        try (var descriptors = new ChildDescriptors()) {
            boolean started = false;
            try {
                Map<String, String> variables = give(descriptors);
                Child child = spawner.run(() -> start(descriptors, variables));
                started = true;
                return child;
            } finally {
                if (!started) {
                    descriptors.ours().close();
                }
            }
        }
    }

    private Child start(ChildDescriptors descriptors, Map<String, String> variables) throws IOException {
        var reaper = Reaper.running();
        try {
            descriptors.ours().begin(reaper.loop());
            command.limits().require();
            SigchldDisposition.requireExits();
            var spawn = new SpawnOperation(words, command.spawnSettings(), descriptors, variables);
            Child leader = command.leader();
            return Child.start(
                    command,
                    line,
                    descriptors.ours(),
                    reaper,
                    endsByUs,
                    leader == null ? spawn::run : () -> leader.spawnIntoGroup(spawn::run));
        } finally {
            reaper.release();
        }
    }

    /// @return what the child is told of its end
    private Map<String, String> give(ChildDescriptors descriptors) throws IOException {
        Integer number = fd;
        Map<String, String> variables = number == null ? Map.of() : variables(number, descriptors.socket(number));
        for (var entry : streams.entrySet()) {
            entry.getValue().make(entry.getKey(), descriptors);
        }
        descriptors.resolve();
        return variables;
    }

    private static Map<String, String> variables(int number, StreamSocket end) throws IOException {
        return Map.of(
                InheritedSocketLookup.FD, Integer.toString(number),
                InheritedSocketLookup.INODE, Long.toUnsignedString(Inherited.inode(end)));
    }
}
