package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One start of a command: makes what the child is given, spawns, and owns nothing afterwards.
final class Launch {

    private final Command command;
    private final @Nullable Integer fd;
    private final Map<Integer, Stdio> streams;

    /// @param fd where the child finds its end, or `null` if it is to have none
    /// @param streams what it is to have on its descriptors beside that
    Launch(Command command, @Nullable Integer fd, Map<Integer, Stdio> streams) {
        this.command = command;
        this.fd = fd;
        this.streams = streams;
    }

    Child start() throws IOException {
        String reason = Platform.current().whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        try (var handover = new Handover()) {
            boolean started = false;
            try {
                Child child = start(handover);
                started = true;
                return child;
            } finally {
                if (!started) {
                    handover.ours().close();
                }
            }
        }
    }

    private Child start(Handover handover) throws IOException {
        var variables = give(handover);
        var reaper = Reaper.running(); // before the child is there, since this may fail
        handover.ours().begin(reaper);
        var spawn = new Spawn(command, handover, variables);
        Child leader = command.leader();
        int pid = leader == null ? spawn.run() : leader.spawnIntoGroup(spawn::run);
        limit(pid);
        return Child.of(command, pid, handover.ours(), reaper);
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

    private void limit(int pid) throws IOException {
        try {
            command.limits().apply(pid);
        } catch (IOException failed) {
            Pid.endNow(pid);
            throw failed;
        }
    }

    private static Map<String, String> variables(int number, StreamSocket end) throws IOException {
        return Map.of(
                Inherited.FD, Integer.toString(number),
                Inherited.INODE, Long.toUnsignedString(Inherited.inode(end)));
    }
}
