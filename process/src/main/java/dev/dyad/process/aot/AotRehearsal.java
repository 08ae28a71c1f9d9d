package dev.dyad.process.aot;

import dev.dyad.process.Inherited;
import dev.dyad.process.inherited.InheritedSocketLookup;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// What a JVM does from which the JDK learns how to start a child: the conversation of a child with its
/// parent, within one process. The child's main class is loaded, and nothing of it is run.
final class AotRehearsal {

    private AotRehearsal() {}

    /// Rehearses.
    ///
    /// @param arguments the main class of the child
    public static void main(String[] arguments) throws Exception {
        talk();
        load(arguments[0]);
    }

    private static void talk() throws IOException, InterruptedException, ExecutionException {
        try (var pair = SocketPair.stream();
                StreamSocket parent = found(pair.right())) {
            var child = new FutureTask<>(() -> answer(parent));
            LibraryThreads.start("dyad-rehearsal", child);
            while (parent.waiters() == 0 && !child.isDone()) {
                Thread.onSpinWait();
            }
            pair.left().write(ByteBuffer.allocate(1));
            int _ = pair.left().read(ByteBuffer.allocate(1));
            var _ = child.get();
        }
    }

    /// Finds an end as a child finds its own.
    private static StreamSocket found(StreamSocket end) throws IOException {
        String number = Integer.toString(Descriptor.duplicateOf(end).release());
        String inode = Long.toUnsignedString(Inherited.inode(end));
        return new InheritedSocketLookup(Map.of(InheritedSocketLookup.FD, number, InheritedSocketLookup.INODE, inode))
                .end();
    }

    private static int answer(StreamSocket end) throws IOException {
        int _ = end.read(ByteBuffer.allocate(1));
        return end.write(ByteBuffer.allocateDirect(1));
    }

    private static void load(String name) {
        try {
            var _ = Class.forName(name, false, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // a class of a source file, or of a folder behind the jars: the child loads it as ever
        }
    }
}
