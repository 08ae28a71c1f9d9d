package dev.dyad.process.aot;

import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Inherited;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.process.java.JavaLauncher;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The process that makes a cache: it lets one JVM rehearse, and another one write down what that learned.
///
/// It ends when its parent does, however that ends, by the end of the stream between them. What it has
/// started ends before it does, and its files are deleted.
final class AotTrainer {

    private static final String LEARNED = "-XX:AOTConfiguration=learned";

    private final Path target;
    private final String main;
    private final List<String> options;
    private final String classPath = System.getProperty("java.class.path");

    // -- guarded by this
    private @Nullable Path work;
    private @Nullable Child running;
    private boolean ended;

    private AotTrainer(Path target, String main, List<String> options) {
        this.target = target;
        this.main = main;
        this.options = options;
    }

    /// Makes the cache.
    ///
    /// @param arguments the URI of its file, the main class of the child, and the child's options
    public static void main(String[] arguments) throws IOException {
        var options = List.of(arguments).subList(2, arguments.length);
        var trainer = new AotTrainer(Path.of(URI.create(arguments[0])), arguments[1], options);
        StreamSocket parent = Inherited.socket();
        Runtime.getRuntime().addShutdownHook(LibraryThreads.hook("dyad-at-exit", trainer::end));
        LibraryThreads.start("dyad-trainer", () -> endWith(parent));
        System.exit(trainer.makes() ? 0 : 1);
    }

    private static void endWith(StreamSocket parent) {
        try {
            int _ = parent.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            // as good as the end
        }
        System.exit(1);
    }

    private boolean makes() {
        try {
            Path folder = open();
            return runs("-XX:AOTMode=record", LEARNED)
                    && runs("-XX:AOTMode=create", LEARNED, "-XX:AOTCache=cache")
                    && isKept(folder.resolve("cache"));
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private synchronized Path open() throws IOException {
        requireNotEnded();
        Path folder = AotCache.newFolder(folder());
        work = folder;
        return folder;
    }

    /// Returns the folder that the parent has chosen, whatever our own home is, and looks at it once more.
    private Path folder() throws IOException {
        return AotCache.folder(target.resolve("../../..").normalize());
    }

    /// Runs a JVM like the child's, with nothing of ours, in our folder: so it needs no path of it.
    private boolean runs(String... training) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(JavaLauncher.path()));
        line.addAll(options);
        line.addAll(List.of(training));
        line.addAll(List.of("-Xlog:disable", "--class-path", classPath, AotRehearsal.class.getName(), main));
        try (Child jvm = begin(Command.of(line))) {
            return jvm.waitFor().equals(new Exit.Exited(0));
        }
    }

    private synchronized Child begin(Command command) throws IOException {
        requireNotEnded();
        Child jvm = command.directory(Objects.requireNonNull(work))
                .withoutSocket()
                .stdin(Stdio.ignore())
                .stdout(Stdio.ignore())
                .stderr(Stdio.ignore())
                .outliveJvm() // unless we end it
                .spawn();
        running = jvm;
        return jvm;
    }

    /// Moves a finished cache into its place, unless what it was made of has changed meanwhile.
    private synchronized boolean isKept(Path cache) throws IOException {
        requireNotEnded();
        String key = AotKey.of(options, List.of(classPath.split(File.pathSeparator, -1)));
        if (!AotCache.isUsable(cache) || !target.equals(AotCache.file(folder(), key))) {
            return false;
        }
        try (FileChannel file = FileChannel.open(cache, StandardOpenOption.WRITE)) {
            file.force(true); // or a crash of the system could leave the name without the content
        }
        Files.move(cache, target, StandardCopyOption.ATOMIC_MOVE);
        AotCache.forgetFailure(target);
        AotCache.deleteSurplus(folder());
        return true;
    }

    private synchronized void end() {
        ended = true;
        try {
            if (running != null) {
                boolean _ = running.signal(Signal.KILL);
                running.waitFor();
            }
            if (work != null) {
                AotCache.delete(work);
            }
        } catch (IOException | InterruptedException e) {
            // the next trainer deletes it
        }
    }

    private void requireNotEnded() throws IOException {
        if (ended) {
            throw new IOException("the parent has ended");
        }
    }
}
