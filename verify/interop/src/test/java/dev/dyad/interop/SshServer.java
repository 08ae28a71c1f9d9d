package dev.dyad.interop;

import dev.dyad.harness.Await;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Output;
import dev.dyad.process.Stdio;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An `sshd` with keys and a configuration of its own, which lets this user in.
final class SshServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd"); // which has to be called by its path
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final List<String> words;
    private final String address;
    private @Nullable Child running;

    private SshServer(Path folder, String address, List<String> launcher) {
        this.folder = folder;
        this.address = address;
        words = new ArrayList<>(launcher);
        words.addAll(List.of(PROGRAM.toString(), "-D", "-e", "-f", file("sshd_config")));
    }

    /// Starts one on a loopback address.
    static SshServer start(Path folder) throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return start(folder, "127.0.0.1", port, List.of());
    }

    /// Starts one by a launcher, such as one that starts it in a network namespace.
    static SshServer start(Path folder, String address, int port, List<String> launcher) throws Exception {
        Interpreters.require("ssh");
        if (!Files.isExecutable(PROGRAM)) {
            Interpreters.require("sshd");
        }
        var server = new SshServer(folder, address, launcher);
        server.configure(port);
        server.start();
        return server;
    }

    private void configure(int port) throws Exception {
        makeKey("host_key");
        makeKey("key");
        Files.writeString(folder.resolve("known_hosts"), "* " + Files.readString(folder.resolve("host_key.pub")));
        Files.writeString(
                folder.resolve("sshd_config"), """
                ListenAddress %s
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PidFile none
                ClientAliveInterval 1
                ClientAliveCountMax 2
                """.formatted(address, port, file("host_key"), file("key.pub")));
        // What users have, and workers must not care about, follows what is of this server.
        Files.writeString(
                folder.resolve("ssh_config"), """
                Port %d
                IdentityFile %s
                IdentitiesOnly yes
                UserKnownHostsFile %s
                StrictHostKeyChecking yes
                RequestTTY force
                ControlMaster auto
                ControlPath %s
                ControlPersist yes
                """.formatted(port, file("key"), file("known_hosts"), controlSocket()));
    }

    private void makeKey(String name) throws IOException, InterruptedException {
        Output made = Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file(name))
                .stderr(Stdio.lastLines(10))
                .output();
        if (!made.isSuccess()) {
            throw new AssertionError("ssh-keygen: " + made);
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    String address() {
        return address;
    }

    /// The options of a client.
    List<String> options() {
        return List.of("-F", file("ssh_config"));
    }

    /// Where a client that shares its connection has a socket.
    Path controlSocket() {
        return folder.resolve("control");
    }

    /// Starts it, also once more.
    void start() throws Exception {
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // as its package has its service do
        }
        Child child = Command.of(words)
                .withoutSocket()
                .stdin(Stdio.ignore())
                .stderr(Stdio.lastLines(50))
                .patience(Duration.ZERO, Duration.ofSeconds(5))
                .spawn();
        running = child;
        Await.until(
                () -> !child.isAlive()
                        || child.lastLines().stream().anyMatch(line -> line.startsWith("Server listening")),
                PATIENCE);
        if (!child.isAlive()) {
            throw new AssertionError("sshd has ended: " + child.lastLines());
        }
    }

    /// How many connections it has.
    long sessions() {
        Child child = running;
        return child == null
                ? 0
                : ProcessHandle.of(child.pid()).stream()
                        .flatMap(ProcessHandle::children)
                        .count();
    }

    /// Ends it and all of its connections at once.
    void kill() throws IOException {
        Child child = running;
        if (child != null) {
            running = null;
            List<ProcessHandle> all = ProcessHandle.of(child.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .toList();
            child.close();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
