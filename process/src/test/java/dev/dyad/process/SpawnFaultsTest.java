package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Descriptors;
import dev.dyad.posix.Faults;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SocketPair;
import dev.dyad.socket.StreamSocket;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every call of a spawn that gives a child something of each kind fails, in several ways.
@Timeout(120)
class SpawnFaultsTest {

    private static final String WATCHING =
            Platforms.current().eventQueueCall().startsWith("epoll") ? "epoll_ctl" : "fcntl";

    private static final int PLAIN_RUNS = 25; // on a busy machine a few of them say nothing
    private static final String NOT_MET = "is not met";

    @TempDir
    Path folder;

    @Test
    void whatever_call_fails_is_told_and_nothing_is_lost() throws Exception {
        try (var pair = SocketPair.stream();
                Child other = sh("read line <&3").spawn()) { // or the reaper would end, and begin, between two looks
            assertThat(other.isAlive()).isTrue();
            Command command = everything(pair);
            List<String> calls = calls(command);
            assertThat(calls)
                    .contains("socketpair", "pipe2", "open", "fstat", "posix_spawnp", "prlimit", "syscall", WATCHING);
            var complaints = new ArrayList<String>();
            for (int i = 0; i < calls.size(); i++) {
                for (CallFault fault : CallFault.of(calls.get(i))) {
                    Map<Integer, String> before = Descriptors.held(); // what waits by one goes when it has been idle
                    String said =
                            fault.call() + " (" + i + ") " + fault.errno().name() + ": " + said(command, i, fault);
                    Map<Integer, String> after = Descriptors.held();
                    long children = ProcessHandle.current().children().count() - 1; // zombies are counted too
                    if (!after.equals(before) || children > 0) {
                        complaints.add(said + " leaves " + children + " children, " + after + " after " + before);
                    } else if (!said.endsWith("right")) {
                        complaints.add(said);
                    }
                }
            }

            assertThat(complaints).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EPERM"})
    void what_children_need_of_the_kernel_is_told(String refusal) throws Exception {
        Command command = sh("exit 0");
        try (Child other = sh("read line <&3").spawn()) { // or the reaper would begin in the spawn that is watched
            assertThat(other.isAlive()).isTrue();
            Faults.refuse(calls(command).indexOf("syscall"), Platforms.current().errno(refusal));
            try {
                assertThatThrownBy(command::spawn)
                        .isInstanceOf(SystemCallException.class)
                        .hasMessageStartingWith("pidfd_open: children need Linux 5.3, and that no filter")
                        .hasMessageEndingWith("(" + refusal + ")");
            } finally {
                Faults.end();
            }
        }
    }

    private Command everything(SocketPair<StreamSocket> pair) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        return sh("read line <&3")
                .directory(folder)
                .session()
                .limit(Limit.CORE, 0)
                .stdin(Stdio.pipe())
                .stdout(Stdio.file(file))
                .stderr(Stdio.lastLines(3))
                .with(4, Stdio.pair())
                .with(5, pair.left())
                .with(7, Stdio.ignore())
                .with(9, Stdio.sameAs(1));
    }

    /// Spawns undisturbed, after the first time has opened what stays.
    ///
    /// @return the calls of most runs: whether the reaper has to be woken differs
    private static List<String> calls(Command command) throws Exception {
        command.spawn().close();
        var runs = new HashMap<List<String>, Integer>();
        for (int i = 0; i < PLAIN_RUNS; i++) {
            runs.merge(plainCalls(command), 1, Integer::sum);
        }
        return Collections.max(runs.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private static List<String> plainCalls(Command command) throws Exception {
        Faults.watch();
        Child child;
        List<String> calls;
        try {
            child = command.spawn();
        } finally {
            calls = Faults.end();
        }
        child.close();
        return calls;
    }

    /// Returns what is to be said of a fault, once it was met.
    private static String said(Command command, int index, CallFault fault) throws Exception {
        for (int i = 0; i < CallFault.TRIES; i++) {
            String said = attempt(command, index, fault);
            if (!said.equals(NOT_MET)) {
                return said;
            }
        }
        return NOT_MET;
    }

    private static String attempt(Command command, int index, CallFault fault) throws Exception {
        Errno errno = fault.errno();
        fault.begin(index);
        Child child;
        try {
            child = command.spawn();
        } catch (SystemCallException e) {
            List<String> calls = Faults.end();
            boolean hasRun = calls.subList(0, index).contains("posix_spawnp")
                    && !e.call().equals("prlimit");
            return hasRun ? "has run" : e.errno().equals(errno) ? "right" : "becomes " + e;
        } catch (Throwable e) {
            Faults.end();
            return "becomes " + e;
        }
        List<String> calls = Faults.end();
        child.close();
        if (!fault.isMet(index, calls)) {
            return NOT_MET;
        }
        String failing = fault.call();
        boolean harmless = errno.equals(Errno.EINTR)
                || fault.made()
                || calls.subList(0, index).contains("posix_spawnp") // what runs is owned, whatever fails now
                || failing.equals("close")
                || failing.endsWith("destroy");
        return harmless ? "right" : "is swallowed";
    }
}
