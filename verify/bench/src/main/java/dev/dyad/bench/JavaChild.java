package dev.dyad.bench;

import dev.dyad.process.Child;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A Java child, from before its spawn to its first byte: prints the milliseconds, the median of a few.
public final class JavaChild {

    /// The child, with its ahead-of-time cache.
    static final String CACHED = "cached";

    /// The child as it is.
    static final String PLAIN = "plain";

    /// Makes the cache, and prints nothing that counts.
    static final String PREPARE = "prepare";

    private static final String CHILD = "child";
    private static final int CHILDREN = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private JavaChild() {}

    /// Measures, or is what is measured.
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals(CHILD)) {
            child();
            return;
        }
        double _ = millis(arguments[0]); // which links the calls of the parent
        if (arguments[0].equals(PREPARE)) {
            awaitCache();
        }
        var figures = new ArrayList<Double>();
        for (int i = 0; i < CHILDREN; i++) {
            figures.add(millis(arguments[0]));
        }
        System.out.println(Figures.of(figures).median());
    }

    private static void child() throws IOException {
        try (StreamSocket parent = Inherited.socket()) {
            parent.write(ByteBuffer.allocate(1));
            parent.read(ByteBuffer.allocate(1));
        }
    }

    private static double millis(String how) throws IOException {
        JavaCommand command = JavaCommand.of(JavaChild.class, CHILD);
        long start = System.nanoTime();
        try (Child child = (how.equals(PLAIN) ? command : command.aotCache()).spawn()) {
            if (child.socket().read(ByteBuffer.allocate(1)) != 1) {
                throw new IOException("the child said nothing");
            }
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static void awaitCache() throws IOException {
        Path folder = Path.of(System.getProperty("user.home"), ".cache", "dyad", "aot");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isThere(folder)) {
            if (System.nanoTime() > end) {
                throw new IOException("no cache has come into " + folder);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean isThere(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".aot"));
        }
    }
}
