package dev.dyad.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.message.ChannelClosedException;
import dev.dyad.message.Closed;
import dev.dyad.message.Message;
import dev.dyad.message.MessageChannel;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.socket.thread.LibraryThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dyad talk`: each line of our input is a message to a command, and each message that comes back is a
/// line.
@CommandLine.Command(
        name = "talk",
        description = {
            "Starts a command, sends it each line of standard input as a message, and prints each message that comes back"
                    + " as a line: for trying a program that talks in messages, and for bug reports.",
            "",
            "At the end of our input the command finds the end of its stream, and may still answer. A newline in a message"
                    + " is printed as \\n, and a message that is no text by its bytes, as 'hex: 00 ff'. A command that drops"
                    + " its answers once its stream has ended, as on Node's channel, needs an input that ends later."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "dyad talk " + ChannelOptions.SYNOPSIS + " [--] COMMAND [ARGUMENT…]",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "n:the command ended with n",
            "128+n:signal n ended the command",
            "2:the command line is wrong",
            "69:there are no socket pairs for children on this machine (see ./dyad doctor)",
            "74:our own input or output failed, or a line of it is no message",
            "76:what came is not of the wire",
            "125:the command could not be started",
            "126:the command is there but can't be run",
            "127:there is no such command"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo hello | ./dyad talk -- python3 children/worker.py",
            "  echo hello | ./dyad talk --wire lines --stdio -- cat",
            "  ./dyad talk --wire content-length --stdio -- pylsp < requests.json",
            "  (echo '{\"id\":1,\"text\":\"hello\"}'; sleep 1) | ./dyad talk --wire lines -- \\",
            "      env NODE_CHANNEL_FD=3 node children/worker_ipc.mjs"
        })
final class TalkCommand implements Callable<Integer> {

    private static final int NOT_OF_THE_WIRE = 76; // EX_PROTOCOL of sysexits.h

    @Mixin
    private ChannelOptions channelOptions = new ChannelOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help; // picocli acts on it

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, and its arguments.")
    private List<String> command = List.of();

    private volatile boolean inputFailed;
    private final PrintedOutput out = PrintedOutput.stdout();
    private long answers;

    @Override
    public Integer call() throws Exception {
        ExecCommand.requireNative();
        RawArguments.requireUtf8(command);
        try (var forwarding = Forwarding.start();
                Child child = ExecCommand.spawn(this::prepared);
                MessageChannel channel = MessageChannel.to(child, channelOptions.wire())) {
            forwarding.to(child);
            LibraryThreads.start("stdin to messages", () -> sendAll(channel));
            print(channel);
            int code = child.waitFor().shellCode();
            if (inputFailed) {
                return Problem.IO;
            }
            if (code == 0 && answers == 0) {
                hint();
            }
            return code;
        }
    }

    /// Says what people who see nothing at all have overlooked.
    private void hint() {
        System.err.println("dyad talk: no message came over " + channelOptions.answersOver()
                + ": --fd and --stdio say over what the command talks, and one that drops its answers at the end of its"
                + " input, as on Node's channel, needs an input that ends later");
    }

    private Command prepared() {
        return channelOptions.prepared(Command.of(command).processGroup().keepIgnoredSignals());
    }

    /// Ends the command's stream however our input ends, or both would wait for ever.
    private void sendAll(MessageChannel channel) {
        try {
            sendLines(channel);
        } catch (ChannelClosedException e) {
            // the thread that prints tells it
        } catch (Problem | IOException | IllegalArgumentException e) {
            inputFailed(Problem.sentence(e));
        } catch (OutOfMemoryError e) {
            inputFailed("the standard input: " + e.getMessage());
        } finally {
            endStream(channel);
        }
    }

    private static void sendLines(MessageChannel channel) throws Problem, IOException {
        var lines = new InputLines(System.in);
        for (ByteBuffer line = lines.next(); line != null; line = lines.next()) {
            channel.send(line);
        }
    }

    private void inputFailed(String how) {
        inputFailed = true;
        System.err.println("dyad talk: " + how);
    }

    private static void endStream(MessageChannel channel) {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // it has ended, as the thread that prints tells
        }
    }

    private void print(MessageChannel channel) throws IOException, Problem {
        try {
            while (printOne(channel)) {
                // as many as come
            }
        } catch (ChannelClosedException e) {
            if (e.closed() instanceof Closed.Misbehaved misbehaved) {
                throw new Problem(NOT_OF_THE_WIRE, misbehaved.toString());
            }
            if (!(e.closed() instanceof Closed.ChildEnded)) {
                System.err.println("dyad talk: " + e.closed());
            }
        }
    }

    private boolean printOne(MessageChannel channel) throws IOException, Problem {
        try (Message message = channel.receive()) {
            if (message != null) {
                print(shown(message.bytes()));
                answers++;
            }
            return message != null;
        }
    }

    /// Ends us where nobody would see what comes: a command that is never at its end would be talked to for ever.
    private void print(String answer) throws Problem {
        try {
            out.line(answer);
        } catch (IOException e) {
            String where = ", after line " + answers + "; the command is ended";
            throw new Problem(Problem.IO, "standard output: " + Problem.sentence(e) + where);
        }
    }

    /// Returns a message as one line.
    static String shown(ByteBuffer bytes) {
        try {
            String text = UTF_8.newDecoder().decode(bytes.duplicate()).toString();
            if (text.chars()
                    .allMatch(one -> one == '\n' || one == '\r' || one == '\t' || !Character.isISOControl(one))) {
                return text.replace("\r", "\\r").replace("\n", "\\n");
            }
        } catch (CharacterCodingException noText) {
            // by its bytes
        }
        var raw = new byte[bytes.remaining()];
        bytes.duplicate().get(raw);
        return "hex: " + HexFormat.ofDelimiter(" ").formatHex(raw);
    }
}
