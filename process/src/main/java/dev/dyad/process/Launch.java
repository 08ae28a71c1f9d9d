package dev.dyad.process;

import dev.dyad.posix.Platform;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One start of a command: opens the pair, borrows what the child is given, spawns, and owns nothing afterwards.
final class Launch {

    private final Command command;

    Launch(Command command) {
        this.command = command;
    }

    Child start() throws IOException {
        String reason = Platform.current().whyNotNative();
        if (reason != null) {
            throw new UnsupportedOperationException(reason);
        }
        Integer number = command.fd();
        if (number == null) {
            return start(command.further(), Map.of(), null);
        }
        var pair = SocketPair.stream();
        try (var theirs = pair.right()) {
            NavigableMap<Integer, DescriptorSource> descriptors = new TreeMap<>(command.further());
            descriptors.put(number, theirs);
            return start(descriptors, variables(number, theirs), pair.left());
        } catch (Throwable failed) {
            pair.left().close();
            throw failed;
        }
    }

    private Child start(
            NavigableMap<Integer, DescriptorSource> descriptors,
            Map<String, String> variables,
            @Nullable StreamSocket ours)
            throws IOException {
        var reaper = Reaper.running(); // before the child is there, since this may fail
        var borrowed = new ArrayList<BorrowedFd>();
        try {
            var numbers = new TreeMap<Integer, Integer>();
            for (var entry : descriptors.entrySet()) {
                BorrowedFd fd = entry.getValue().borrow();
                borrowed.add(fd);
                numbers.put(entry.getKey(), fd.fd());
            }
            var environment = Environment.of(command.environment(), variables);
            int pid = new Spawn(command, numbers, environment).run();
            return Child.of(pid, ours, command.leadsProcessGroup(), reaper);
        } finally {
            borrowed.forEach(BorrowedFd::close);
        }
    }

    private static Map<String, String> variables(int number, StreamSocket end) throws IOException {
        return Map.of(
                Inherited.FD, Integer.toString(number),
                Inherited.INODE, Long.toUnsignedString(Inherited.inode(end)));
    }
}
