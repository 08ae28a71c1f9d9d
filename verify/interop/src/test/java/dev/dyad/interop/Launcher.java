package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/// Starts the launcher as a shell would, with an environment that the test decides on.
final class Launcher {

    static final Path ROOT = Path.of(System.getProperty("dyad.root"));

    /// What a run left: its exit code, and its two outputs.
    static final class Run {

        private final int code;
        private final byte[] out;
        private final String err;

        Run(int code, byte[] out, String err) {
            this.code = code;
            this.out = out;
            this.err = err;
        }

        int code() {
            return code;
        }

        byte[] out() {
            return out;
        }

        String err() {
            return err;
        }

        String text() {
            return new String(out, UTF_8);
        }
    }

    private final ProcessBuilder builder;

    private Launcher(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        builder = new ProcessBuilder(command);
    }

    /// The launcher of this tree.
    static Launcher dyad(String... arguments) {
        return new Launcher(ROOT.resolve("dyad"), arguments);
    }

    /// The launcher of another tree.
    static Launcher of(Path program, String... arguments) {
        return new Launcher(program, arguments);
    }

    Launcher with(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    Launcher without(String... names) {
        for (String name : names) {
            builder.environment().remove(name);
        }
        return this;
    }

    /// Leaves nothing but these.
    Launcher only(Map<String, String> environment) {
        builder.environment().clear();
        builder.environment().putAll(environment);
        return this;
    }

    /// Makes the launcher the leader of a process group, and of a session without a terminal.
    Launcher inItsOwnSession() {
        builder.command().add(0, "setsid");
        return this;
    }

    /// Gives it a terminal for all three of its standard streams; what it shows there is its output.
    Launcher onTerminal() {
        String line = builder.command().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        builder.command("script", "-qec", line, "/dev/null");
        return this;
    }

    /// Lets it have so many descriptors at most.
    Launcher withDescriptors(int most) {
        builder.command().addAll(0, List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "sh"));
        return this;
    }

    /// Starts it with no signal ignored, unlike a shell that starts us in the background.
    Launcher withDefaultSignals() {
        builder.command().addAll(0, List.of("env", "--default-signal"));
        return this;
    }

    Started start() throws IOException {
        return new Started(builder.start());
    }

    Run run() throws Exception {
        return run(new byte[0]);
    }

    /// Runs it with `input` as its standard input, to the end.
    Run run(byte[] input) throws Exception {
        try (Started process = start()) {
            FutureTask<byte[]> out = reading(process.out());
            FutureTask<byte[]> err = reading(process.err());
            feed(process.in(), input);
            int code = process.waitFor();
            return new Run(code, out.get(), new String(err.get(), UTF_8));
        }
    }

    /// Reads a stream to its end on a thread of its own.
    static FutureTask<byte[]> reading(InputStream stream) {
        var task = new FutureTask<>(() -> {
            var bytes = new ByteArrayOutputStream();
            stream.transferTo(bytes);
            return bytes.toByteArray();
        });
        Thread.ofVirtual().start(task);
        return task;
    }

    private static void feed(OutputStream stdin, byte[] input) {
        try (stdin) {
            stdin.write(input);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new UncheckedIOException(e); // a command need not read what it is given
            }
        }
    }
}
