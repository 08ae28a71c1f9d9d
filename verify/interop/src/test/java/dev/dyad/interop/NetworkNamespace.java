package dev.dyad.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dyad.process.Command;
import dev.dyad.process.Output;
import dev.dyad.process.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A network of its own, as of another machine, which is there until this is closed.
record NetworkNamespace(String name) implements AutoCloseable {

    private static final AtomicInteger MADE = new AtomicInteger();

    /// Makes one, with a loopback address only; where that is not allowed, the test is void.
    static NetworkNamespace make() throws Exception {
        Interpreters.require("ip");
        String name = "dyad-%d-%d".formatted(ProcessHandle.current().pid(), MADE.incrementAndGet());
        Output made = run("ip", "netns", "add", name);
        assumeTrue(made.isSuccess(), () -> "no network namespace can be made here: " + made);
        var namespace = new NetworkNamespace(name);
        try {
            Output isUp = run(namespace.words("ip", "link", "set", "lo", "up"));
            assumeTrue(isUp.isSuccess(), () -> "nothing can be started in a network namespace here: " + isUp);
            return namespace;
        } catch (Throwable failed) {
            namespace.close();
            throw failed;
        }
    }

    /// Returns the words that run a command in it.
    String[] words(String... command) {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    /// Returns whether a process is in it.
    boolean has(long pid) {
        try {
            Object its = Files.getAttribute(Path.of("/proc", Long.toString(pid), "ns/net"), "unix:ino");
            return its.equals(Files.getAttribute(Path.of("/run/netns", name), "unix:ino"));
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /// Returns the processes that are in it.
    List<Long> processes() {
        try {
            return require("ip", "netns", "pids", name)
                    .lines()
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Connects two by a cable, in the addresses that are kept for documentation: the first one has 192.0.2.1.
    /// Where that is not allowed, the test is void.
    static void connect(NetworkNamespace first, NetworkNamespace second) throws Exception {
        Output cable = run(
                "ip",
                "-n",
                first.name,
                "link",
                "add",
                "cable",
                "type",
                "veth",
                "peer",
                "name",
                "cable",
                "netns",
                second.name);
        assumeTrue(cable.isSuccess(), () -> "no two network namespaces can be connected here: " + cable);
        require("ip", "-n", first.name, "addr", "add", "192.0.2.1/24", "dev", "cable");
        require("ip", "-n", second.name, "addr", "add", "192.0.2.2/24", "dev", "cable");
        second.mend();
        first.mend();
    }

    /// Cuts the cable: what is sent is lost, and nobody is told.
    void cut() throws Exception {
        require("ip", "-n", name, "link", "set", "cable", "down");
    }

    void mend() throws Exception {
        require("ip", "-n", name, "link", "set", "cable", "up");
    }

    private static String require(String... words) throws IOException, InterruptedException {
        Output output = run(words);
        if (!output.isSuccess()) {
            throw new AssertionError(String.join(" ", words) + ": " + output);
        }
        return output.text().strip();
    }

    private static Output run(String... words) throws IOException, InterruptedException {
        return Command.of(List.of(words)).stderr(Stdio.lastLines(10)).output();
    }

    @Override
    public void close() throws IOException {
        try {
            require("ip", "netns", "delete", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the namespace " + name + " may be left", e);
        }
    }
}
