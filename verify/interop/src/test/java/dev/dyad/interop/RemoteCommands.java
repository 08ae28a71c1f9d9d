package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import dev.dyad.process.Stdio;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The commands of the page about workers on other machines.
final class RemoteCommands {

    private RemoteCommands() {}

    // @start region="places"
    static Workers start(List<String> options, List<String> machines, String script) {
        List<Command> places = machines.stream()
                .map(machine -> overPipes(ssh(options, machine, "python3", script)))
                .toList();
        return WorkerPlan.of(places)
                .readyBy(Duration.ofSeconds(30), UTF_8.encode("are you ready?"))
                .start();
    }
    // @end

    // @start region="ssh"
    static List<String> ssh(List<String> options, String machine, String... words) {
        var ssh = new ArrayList<>(List.of("ssh"));
        ssh.addAll(options); // such as "-l", "worker"
        ssh.addAll(List.of("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"));
        ssh.addAll(List.of("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"));
        ssh.addAll(List.of("-o", "ControlMaster=no", "-o", "ControlPath=none"));
        ssh.addAll(List.of("--", machine, "exec setpriv --pdeathsig KILL " + quoted(words)));
        return ssh;
    }

    static String quoted(String... words) {
        return Stream.of(words)
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
    // @end

    // @start region="pipes"
    static Command overPipes(List<String> words) {
        return Command.of(words)
                .withoutSocket()
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.lastLines(50)) // what the tool says, and the worker
                .parentDeathSignal(Signal.KILL); // the tool may wait for a machine that is away
    }
    // @end
}
