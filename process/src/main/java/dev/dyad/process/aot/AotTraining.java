package dev.dyad.process.aot;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Exit;
import dev.dyad.process.Stdio;
import dev.dyad.process.java.JavaLauncher;
import dev.dyad.process.java.JvmOptions;
import dev.dyad.socket.StreamSocket;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The cache of one Java command: the options that make a child use it, and the process that makes it.
///
/// Whatever goes wrong, the child starts as it would without.
public final class AotTraining {

    /// What was begun in this JVM, which does not try twice.
    private static final Set<Path> BEGUN = ConcurrentHashMap.newKeySet();

    /// The trainers that run, whose ends must stay open for as long.
    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final List<String> options;
    private final List<String> jars;
    private final String main;

    /// @param classPath the child's, with absolute paths
    /// @param main the child's main class
    public AotTraining(List<String> options, List<String> classPath, String main) {
        this.options = options;
        this.main = main;
        boolean rehearsable = JvmOptions.areRehearsable(options);
        jars = rehearsable ? jars(classPath) : List.of();
        if (!rehearsable) {
            tellOnce("an option of them is not on the allow-list: " + options);
        }
    }

    /// Says why children start as they would without a cache, which nothing else tells somebody who asked for one.
    public static void tellOnce(String why) {
        if (TOLD.compareAndSet(false, true)) {
            System.getLogger("dev.dyad.process")
                    .log(System.Logger.Level.INFO, "no ahead-of-time cache for Java children: " + why);
        }
    }

    /// Returns the options that make a child use the cache, none where there is no cache that fits.
    public List<String> options() {
        try {
            Path file = file();
            return file != null && AotCache.isUsable(file) ? AotCache.options(file) : List.of();
        } catch (IOException | RuntimeException unusable) {
            return List.of();
        }
    }

    /// Begins to make the cache where there is none, once.
    public void start() {
        try {
            Path file = file();
            if (file != null && !AotCache.isUsable(file) && !AotCache.hasFailed(file) && BEGUN.add(file)) {
                start(file);
            }
        } catch (IOException | RuntimeException slowPath) {
            tellOnce(slowPath.toString());
        }
    }

    private void start(Path file) throws IOException {
        Child trainer = trainer(file).spawn();
        RUNNING.add(trainer);
        var _ = trainer.onExit().thenAccept(exit -> {
            RUNNING.remove(trainer);
            if (!exit.equals(new Exit.Exited(0))) {
                AotCache.noteFailure(file);
            }
            try {
                trainer.close();
            } catch (IOException e) {
                throw new AssertionError("its end cannot fail to close", e);
            }
        });
    }

    private Command trainer(Path file) {
        String classPath = String.join(File.pathSeparator, jars);
        var line = new ArrayList<>(List.of(
                JavaLauncher.path(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--class-path",
                classPath,
                AotTrainer.class.getName(),
                file.toUri().toString(), // whose characters every locale has
                main));
        line.addAll(JvmOptions.withoutOwnProperties(options));
        var command = Command.of(line);
        JavaLauncher.VARIABLES.forEach(command::withoutEnvironment);
        return command.directory(Path.of("/"))
                .stdin(Stdio.ignore())
                .stdout(Stdio.ignore())
                .stderr(Stdio.ignore())
                .outliveJvm(); // it ends by itself then, and holds nobody up
    }

    private @Nullable Path file() throws IOException {
        return jars.isEmpty() ? null : AotCache.file(AotCache.folder(), AotKey.of(options, jars));
    }

    /// Returns the jars before the first folder: the JDK archives no classes of folders, and none behind one.
    ///
    /// @return none if Dyad is not in them
    private static List<String> jars(List<String> classPath) {
        List<String> jars = classPath.stream()
                .takeWhile(entry -> Files.isRegularFile(NativeText.path(entry)))
                .toList();
        boolean complete =
                Stream.of(AotTraining.class, StreamSocket.class, Platform.class).allMatch(ours -> isIn(jars, ours));
        if (complete) {
            return jars;
        }
        tellOnce(
                jars.size() < classPath.size()
                        ? "the JDK keeps no class of a folder, nor of a jar behind one, and Dyad is not before "
                                + classPath.get(jars.size())
                        : "Dyad is not in a jar of the class path");
        return List.of();
    }

    private static boolean isIn(List<String> jars, Class<?> ours) {
        try {
            Path origin = Path.of(
                    ours.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (String jar : jars) {
                if (Files.isSameFile(origin, NativeText.path(jar))) {
                    return true;
                }
            }
            return false;
        } catch (IOException
                | URISyntaxException
                | IllegalArgumentException
                | FileSystemNotFoundException e) { // a place that is no file, as a loader of its own may name it
            return false;
        }
    }
}
