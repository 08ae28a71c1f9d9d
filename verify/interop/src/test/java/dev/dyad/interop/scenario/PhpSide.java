package dev.dyad.interop.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.interop.Php;
import dev.dyad.interop.Started;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A PHP, a process that goes through one scenario after the other, and is replaced when one hangs or kills it.
final class PhpSide extends Side {

    private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(1);
    private final Php version;
    private Started php;

    PhpSide(Php version, Path folder, Duration limit) throws IOException {
        super(folder, limit);
        this.version = version;
        php = start();
        watchdog.prestartCoreThread();
    }

    @Override
    String transcript(List<String> steps) throws Exception {
        if (!php.process().isAlive()) { // of what it did before, once it had answered
            php.close();
            php = start();
        }
        Started asked = php;
        var bite = watchdog.schedule(() -> kill(asked), limitMillis(), TimeUnit.MILLISECONDS);
        try {
            ask(String.join("\n", steps).getBytes(UTF_8));
            return read(php.out());
        } catch (IOException e) { // the end, or a stream that the watchdog has closed
            php.close();
            php = start();
            return bite.isDone() ? HANGS : "(PHP ends)\n";
        } finally {
            bite.cancel(false);
        }
    }

    @Override
    public void close() throws IOException {
        php.close();
        watchdog.close();
    }

    private void ask(byte[] frame) throws IOException {
        php.in().write((frame.length + "\n").getBytes(UTF_8));
        php.in().write(frame);
        php.in().flush();
    }

    private Started start() throws IOException {
        Path program = Path.of(System.getProperty("dyad.root"))
                .resolve("verify/interop/src/test/resources/dev/dyad/interop/scenario/scenario.php");
        var builder = new ProcessBuilder(
                        version.program(),
                        "-d",
                        "display_errors=stderr",
                        "-d",
                        "memory_limit=-1",
                        program.toString(),
                        folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C");
        return new Started(builder.start());
    }

    private static void kill(Started php) {
        php.process().descendants().forEach(ProcessHandle::destroyForcibly);
        php.process().destroyForcibly();
    }

    private static String read(InputStream from) throws IOException {
        var size = new StringBuilder();
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            size.append((char) c);
        }
        var bytes = new byte[Integer.parseInt(size.toString())];
        new DataInputStream(from).readFully(bytes);
        return new String(bytes, UTF_8);
    }
}
