package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A recording of another JVM that tells what `dyad top` shows and no more, from its start by `jcmd` to its end.
final class OwnRecording implements AutoCloseable {

    static final List<String> PERIODIC = List.of(
            "dyad.SocketStatistics", "dyad.ChannelStatistics", "dyad.ChildStatistics", "dyad.WorkersStatistics");
    static final List<String> DEATHS = List.of("dyad.ChildEnded", "dyad.WorkerFailed", "dyad.WorkersGaveUp");

    private final long pid;
    private final String name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OwnRecording(long pid, String name) {
        this.pid = pid;
        this.name = name;
    }

    /// Starts one. Where nobody stops it, as we are killed, it keeps a minute of what it is told.
    ///
    /// @throws Problem if that JVM does not start it
    static OwnRecording start(long pid) throws Problem {
        String name = "dyad-top-" + ProcessHandle.current().pid();
        List<String> command = new ArrayList<>(List.of("JFR.start", "name=" + name, "settings=none", "maxage=1m"));
        command.addAll(enabled());
        String answer = jcmd(pid, command);
        if (!answer.contains("Started recording")) {
            throw new Problem(
                    Problem.UNAVAILABLE, "process " + pid + " does not start a recording: " + firstSentence(answer));
        }
        return new OwnRecording(pid, name);
    }

    /// Returns what starts one from a shell.
    static String commandLine(long pid) {
        return "jcmd " + pid + " JFR.start name=dyad " + String.join(" ", enabled());
    }

    private static List<String> enabled() {
        List<String> all = new ArrayList<>(PERIODIC);
        all.addAll(DEATHS);
        all.replaceAll(event -> "+" + event + "#enabled=true");
        return all;
    }

    /// Stops it, the second time without effect. In a JVM that has ended it has as well.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                String _ = jcmd(pid, List.of("JFR.stop", "name=" + name));
            } catch (Problem _) {
                // it was there to be started
            }
        }
    }

    private static String jcmd(long pid, List<String> arguments) throws Problem {
        List<String> command = new ArrayList<>();
        Collections.addAll(
                command, Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid));
        command.addAll(arguments);
        try {
            Process running =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            running.getOutputStream().close();
            return new String(running.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new Problem(Problem.UNAVAILABLE, "jcmd can't be run: " + Problem.sentence(e));
        }
    }

    /// Leaves out the line with the number of the process, and stack traces.
    private static String firstSentence(String answer) {
        return answer.lines()
                .filter(line -> !line.isBlank() && !line.matches("\\d+:"))
                .findFirst()
                .orElse("jcmd says nothing");
    }
}
