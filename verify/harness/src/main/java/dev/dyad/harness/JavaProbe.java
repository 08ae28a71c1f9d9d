package dev.dyad.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A main class of the tests, run in a JVM of its own: for what belongs to a whole process.
///
/// The new JVM has all that this one has, modules included, on its class path.
public final class JavaProbe {

    private static final int LIMIT_SECONDS = 60;

    private final Class<?> main;
    private final List<String> arguments;
    private final List<String> options = new ArrayList<>();
    private final Map<String, @Nullable String> environment = new HashMap<>();
    private boolean nativeAccess = true;
    private List<String> launcher = List.of();
    private int descriptors;

    /// What became of it.
    ///
    /// @param exit its exit code, or 128 and the number of the signal that ended it
    /// @param out what it wrote to stdout
    /// @param err what it wrote to stderr
    @SuppressWarnings("ArrayRecordComponent") // bytes are what a process writes; nobody compares results
    public record Result(int exit, byte[] out, byte[] err) {

        /// Returns stdout as text.
        public String outText() {
            return new String(out, UTF_8);
        }

        /// Returns stderr as text.
        public String errText() {
            return new String(err, UTF_8);
        }

        @Override
        public String toString() {
            return "exit " + exit + "\n" + outText() + errText();
        }
    }

    private JavaProbe(Class<?> main, List<String> arguments) {
        this.main = main;
        this.arguments = arguments;
    }

    /// Returns a probe that runs `main`, which is not started yet.
    public static JavaProbe of(Class<?> main, String... arguments) {
        return new JavaProbe(main, List.of(arguments));
    }

    /// Adds options of the JVM, such as `-Ddyad.platform=none`.
    public JavaProbe options(String... added) {
        options.addAll(List.of(added));
        return this;
    }

    /// Leaves `--enable-native-access=ALL-UNNAMED` out.
    public JavaProbe withoutNativeAccess() {
        nativeAccess = false;
        return this;
    }

    /// Sets a variable of the environment.
    public JavaProbe environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// Takes a variable out of the environment.
    public JavaProbe withoutEnvironment(String name) {
        environment.put(name, null);
        return this;
    }

    /// Limits how many descriptors it may have open, as `ulimit -n` does.
    public JavaProbe descriptors(int most) {
        descriptors = most;
        return this;
    }

    /// Starts the JVM by a program that runs the command at the end of its arguments, such as `nice`.
    public JavaProbe under(String... program) {
        launcher = List.of(program);
        return this;
    }

    /// Runs it to its end, with nothing to read on stdin.
    ///
    /// @throws AssertionError if it takes longer than a minute; it is killed then, with all that it started
    public Result run() throws IOException, InterruptedException {
        Path out = Files.createTempFile("probe", ".out");
        Path err = Files.createTempFile("probe", ".err");
        try {
            Process process = start(out, err);
            process.getOutputStream().close();
            boolean ended = waitFor(process);
            var result = new Result(process.exitValue(), Files.readAllBytes(out), Files.readAllBytes(err));
            if (!ended) {
                throw new AssertionError(main.getName() + " did not end within " + LIMIT_SECONDS + " s: " + result);
            }
            return result;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /// Returns the command line, for a test that starts it in a way of its own.
    public List<String> command() {
        var command = new ArrayList<>(launcher);
        if (descriptors > 0) {
            command.addAll(List.of("sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", Integer.toString(descriptors)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")); // starts sooner
        if (nativeAccess) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private Process start(Path out, Path err) throws IOException {
        var builder = new ProcessBuilder(command()).redirectOutput(out.toFile()).redirectError(err.toFile());
        Map<String, String> inherited = builder.environment();
        inherited.remove("JAVA_TOOL_OPTIONS"); // the JVM would say on stderr that it picked them up
        inherited.remove("JDK_JAVA_OPTIONS");
        environment.forEach((name, value) -> {
            if (value == null) {
                inherited.remove(name);
            } else {
                inherited.put(name, value);
            }
        });
        return builder.start();
    }

    private static boolean waitFor(Process process) throws InterruptedException {
        boolean ended = false;
        try {
            ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
        return ended;
    }

    /// Returns a class path for the probe: this JVM's two paths, and where `main` comes from.
    ///
    /// The last is on neither path when the tests are patched into the module that they test.
    private String classPath() {
        var entries = new LinkedHashSet<String>();
        entries.add(rootOfMain());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            entries.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator)));
        }
        entries.remove("");
        return String.join(File.pathSeparator, entries);
    }

    private String rootOfMain() {
        String resource = main.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(main.getResource('/' + resource), resource)
                .toString();
        String root = url.substring(0, url.length() - resource.length());
        return root.startsWith("jar:") ? path(root.substring("jar:".length(), root.lastIndexOf('!'))) : path(root);
    }

    private static String path(String url) {
        try {
            return Path.of(URI.create(url)).toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
