package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A recording of another JVM that tells what `dyad top` shows and no more, from its start by `jcmd` to its end.
final class OwnRecording implements AutoCloseable {

    static final List<String> PERIODIC = List.of(
            "dyad.SocketStatistics", "dyad.ChannelStatistics", "dyad.ChildStatistics", "dyad.WorkersStatistics");
    static final List<String> DEATHS = List.of("dyad.ChildEnded", "dyad.WorkerFailed", "dyad.WorkersGaveUp");

    private static final String PREFIX = "dyad-top-";
    private static final Pattern NAMED = Pattern.compile("\\bname=" + PREFIX + "(\\d{1,18})(?!\\S)");
    private static final String NOT_ATTACHED = "AttachNotSupportedException"; // jcmd has not come as far as to ask
    private static final long SECONDS_TO_START = 30; // a JVM that is stopped never answers
    private static final long SECONDS_TO_STOP = 5; // a user who has pressed Ctrl-C waits for it

    private final long pid;
    private final String name = name(ProcessHandle.current().pid());
    private boolean mayRun; // guarded by this
    private boolean closed; // guarded by this

    OwnRecording(long pid) {
        this.pid = pid;
    }

    /// Returns how one is named that a process has started.
    static String name(long starter) {
        return PREFIX + starter;
    }

    /// Starts it, unless it is closed. Where nobody stops it, as we are killed, it keeps a minute of what it is
    /// told.
    ///
    /// @return the processes whose recordings of this kind are there, our own among them
    /// @throws Problem if that JVM does not start it
    synchronized List<Long> start() throws Problem {
        if (closed) {
            return List.of();
        }
        mayRun = true; // also where we do not hear of it: Ctrl-C ends jcmd as well
        String answer = jcmd(
                pid,
                SECONDS_TO_START,
                "JFR.start name=" + name + " settings=none maxage=1m " + String.join(" ", enabled()) + "\nJFR.check");
        if (answer.contains(NOT_ATTACHED)) {
            mayRun = false;
            throw new Problem(
                    Problem.UNAVAILABLE,
                    "process " + pid + " does not answer jcmd: it may be stopped, or was started with"
                            + " -XX:+DisableAttachMechanism");
        }
        if (!answer.contains("Started recording")) {
            throw new Problem(
                    Problem.UNAVAILABLE, "process " + pid + " does not start a recording: " + firstSentence(answer));
        }
        return NAMED.matcher(answer)
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }

    /// Stops one that somebody else has started.
    ///
    /// @return whether it was still there
    static boolean stop(long pid, long starter) throws Problem {
        return jcmd(pid, SECONDS_TO_START, "JFR.stop name=" + name(starter)).contains("Stopped recording");
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

    /// Waits for a start that is under way and stops it, the second time without effect. In a JVM that has ended
    /// it has as well.
    @Override
    public synchronized void close() {
        closed = true;
        if (!mayRun) {
            return;
        }
        mayRun = false;
        try {
            String _ = jcmd(pid, SECONDS_TO_STOP, "JFR.stop name=" + name);
        } catch (Problem why) {
            System.err.println("dyad top: " + why.getMessage() + ": the recording " + name
                    + ", if it was started, stays there until the next dyad top of that process stops it");
        }
    }

    /// Gives a JVM commands, a line each.
    private static String jcmd(long pid, long seconds, String commands) throws Problem {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process running = new ProcessBuilder(program, Long.toString(pid), "-f", "/dev/stdin")
                    .redirectErrorStream(true)
                    .start();
            try (var in = running.getOutputStream()) {
                in.write(commands.getBytes(UTF_8));
            }
            awaitEnd(running, pid, seconds);
            return new String(running.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new Problem(Problem.UNAVAILABLE, "jcmd can't be run: " + Problem.sentence(e));
        }
    }

    /// Returns when it has ended: its few lines fit in the pipe.
    private static void awaitEnd(Process running, long pid, long seconds) throws Problem {
        running.onExit().completeOnTimeout(running, seconds, TimeUnit.SECONDS).join();
        if (running.isAlive()) {
            running.destroyForcibly().onExit().join();
            removeRequest(pid);
            throw new Problem(Problem.UNAVAILABLE, "process " + pid + " does not answer jcmd within " + seconds + " s");
        }
    }

    /// Removes the file by which jcmd asks a JVM to listen, as that does at its own end: it is in that JVM's folder, or
    /// where that can't be written to, among temporary files.
    private static void removeRequest(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        for (Path folder : List.of(process.resolve("cwd"), process.resolve("root/tmp"))) {
            try {
                Files.deleteIfExists(folder.resolve(".attach_pid" + pid));
            } catch (IOException e) {
                // it is not ours, or that JVM has ended
            }
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
