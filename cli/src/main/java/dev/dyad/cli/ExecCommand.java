package dev.dyad.cli;

import dev.dyad.posix.Platforms;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import dev.dyad.socket.SystemCallException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad exec`: any command, with its end of a pair on a descriptor, and the other end copied to and from our own input
/// and output.
@CommandLine.Command(
        name = "exec",
        description = {
            "Starts a command with one end of a socket pair on descriptor 3, copies standard input to the other end and"
                    + " what comes back to standard output, byte for byte.",
            "",
            "At the end of our input the command finds the end of its stream and may go on writing. HUP, INT, TERM,"
                    + " USR1, USR2, WINCH, CONT and TSTP are passed on to the command's process group, once. What it"
                    + " has written when it ends still arrives; what processes that it left behind write later does"
                    + " not.",
            "",
            "In the command, DYAD_FD says which descriptor it is; standard input is empty unless that is 0, and"
                    + " standard output and error are ours."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad exec [--fd N] [--] COMMAND [ARGUMENT…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "n:the command ended with n",
            "128+n:signal n ended the command",
            "2:the command line is wrong",
            "69:there are no socket pairs for children on this machine (see ./dyad doctor)",
            "74:our own input or output failed",
            "125:the command could not be started",
            "126:the command is there but can't be run",
            "127:there is no such command"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo hello | ./dyad exec -- sh -c 'cat <&3 >&3'",
            "  ./dyad exec --fd 0 -- sh -c 'tr a-z A-Z >&0' < names.txt",
            "  ./dyad exec -- python3 worker.py --fast < requests > replies"
        })
final class ExecCommand implements Callable<Integer> {

    static final int USAGE = 2;
    static final int NOT_STARTED = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private static final Set<String> MEAN_NOT_FOUND = Set.of("ENOENT", "ENOTDIR");
    private static final Set<String> MEAN_NOT_EXECUTABLE =
            Set.of("EACCES", "EPERM", "ENOEXEC", "EISDIR", "ELOOP", "ENAMETOOLONG", "E2BIG", "ETXTBSY");

    @Option(
            names = "--fd",
            paramLabel = "N",
            description = "The descriptor on which the command finds its end: 3 unless said, 0 for its standard input.")
    private int fd = 3;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, and its arguments.")
    private List<String> command = List.of();

    /// Reads `exec [--fd N] -- COMMAND…` itself.
    ///
    /// @return the command, or `null` where it is written in another way, or wrong
    static @Nullable ExecCommand plain(String... arguments) {
        boolean withFd = arguments.length > 2 && arguments[1].equals("--fd") && arguments[2].matches("[0-9]{1,5}");
        int dashes = withFd ? 3 : 1;
        if (arguments.length < dashes + 2 || !arguments[0].equals("exec") || !arguments[dashes].equals("--")) {
            return null;
        }
        var exec = new ExecCommand();
        exec.fd = withFd ? Integer.parseInt(arguments[2]) : exec.fd;
        exec.command = List.of(arguments).subList(dashes + 1, arguments.length);
        return exec;
    }

    /// Runs without picocli, and answers what picocli would.
    int run() {
        try {
            return call();
        } catch (Exception e) {
            System.err.println("dyad exec: " + Problem.sentence(e));
            return Problem.exitCode(e);
        }
    }

    List<String> command() {
        return command;
    }

    int fd() {
        return fd;
    }

    @Override
    public Integer call() throws Exception {
        requireNative();
        RawArguments.requireUtf8(command);
        try (var forwarding = Forwarding.start();
                Child child = spawn(this::prepared)) {
            forwarding.to(child);
            var relay = Relay.start(child.socket());
            int code = child.waitFor().shellCode();
            relay.finish();
            return code;
        }
    }

    static void requireNative() throws Problem {
        @Nullable String why = Platforms.current().whyNotNative();
        if (why != null) {
            throw new Problem(Problem.UNAVAILABLE, "there are no socket pairs for children here: " + why);
        }
    }

    static Child spawn(Supplier<Command> prepared) throws Exception {
        try {
            return UserEnvironment.restore(prepared.get()).spawn();
        } catch (SystemCallException e) {
            throw new Problem(exitCode(e.errno().name()), Problem.sentence(e));
        } catch (IllegalArgumentException e) {
            throw new Problem(USAGE, Problem.sentence(e));
        }
    }

    private Command prepared() {
        if (fd < 0) {
            throw new IllegalArgumentException("--fd is the number of a descriptor, from 0 on, not " + fd);
        }
        Command prepared = Command.of(command).fd(fd).processGroup().keepIgnoredSignals();
        return fd == 0 ? prepared : prepared.stdin(Stdio.ignore());
    }

    static int exitCode(String errno) {
        if (MEAN_NOT_FOUND.contains(errno)) {
            return NOT_FOUND;
        }
        return MEAN_NOT_EXECUTABLE.contains(errno) ? NOT_EXECUTABLE : NOT_STARTED;
    }
}
