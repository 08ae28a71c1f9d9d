package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Signals;
import dev.dyad.process.Command;
import dev.dyad.process.Signal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The processes that have a mark in their environment, as those have that were started with it and their descendants:
/// no stranger is ever signalled, and nobody is overlooked.
///
/// @param mark unlike that of any other test
record MarkedProcesses(String mark) {

    private static final String VARIABLE = "DYAD_MARK";

    /// Has a command mark what it starts.
    Command mark(Command command) {
        return command.environment(VARIABLE, mark);
    }

    /// Sends a signal, if the process is one of these.
    void signal(long pid, Signal signal) {
        if (isMarked(pid)) {
            try (var arena = Arena.ofConfined()) {
                int _ = Signals.kill(new CallState(arena), (int) pid, signal.number()); // it may have ended
            }
        }
    }

    /// Returns the pids of all that are there, without those that have ended.
    List<Long> all() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .filter(this::isMarked)
                    .toList();
        }
    }

    private boolean isMarked(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return List.of(new String(environment, ISO_8859_1).split("\0")).contains(VARIABLE + "=" + mark);
        } catch (IOException endedOrForeign) {
            return false;
        }
    }
}
