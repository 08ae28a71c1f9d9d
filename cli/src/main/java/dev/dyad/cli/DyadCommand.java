package dev.dyad.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// `dyad` itself, which only knows its commands.
@Command(
        name = "dyad",
        description = "Socket pairs for the JVM: two connected sockets, one for a child process in any language.",
        mixinStandardHelpOptions = true,
        versionProvider = DyadCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ExecCommand.class,
            TalkCommand.class,
            PoolCommand.class,
            TopCommand.class,
            DoctorCommand.class,
            TestCommand.class,
            BenchCommand.class,
            ReportCommand.class,
            SoakCommand.class,
            SiteCommand.class,
            HelpCommand.class
        },
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes (each command's --help has its own):%n",
        exitCodeList = {
            "0:it worked",
            "2:the command line is wrong",
            "69:something that is needed is not on this machine, such as a JDK",
            "70:the launcher could not be built",
            "74:the output could not be written"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./dyad demo                         the manual page, sentence by sentence",
            "  ./dyad exec -- python3 worker.py    a command with a socket on descriptor 3",
            "  ./dyad -Ddyad.platform=none doctor  properties stand before the command"
        })
final class DyadCommand {

    /// Makes the whole command line, with errors of one sentence.
    static CommandLine line() {
        CommandLine line = new CommandLine(new DyadCommand())
                .setExpandAtFiles(false) // a child's argument may begin with @
                .registerConverter(Path.class, DyadCommand::file)
                .setParameterExceptionHandler(DyadCommand::wrongUsage)
                .setExecutionExceptionHandler(DyadCommand::failed);
        for (String runs : List.of("exec", "talk", "pool")) {
            Objects.requireNonNull(line.getSubcommands().get(runs)).setStopAtPositional(true);
        }
        return line;
    }

    private static Path file(String name) {
        if (name.isEmpty()) {
            throw new TypeConversionException("an empty name is no file");
        }
        return Path.of(name);
    }

    private static int wrongUsage(ParameterException wrong, String... arguments) {
        CommandLine line = wrong.getCommandLine();
        String name = line.getCommandSpec().qualifiedName();
        line.getErr().println(name + ": " + sentence(wrong, line) + " (see ./" + name + " --help)");
        line.getErr().println("Usage: ./" + synopsis(line));
        return CommandLine.ExitCode.USAGE;
    }

    /// Says what a stray word is, where picocli would tell its index among all words, and what a number is, where it
    /// would tell a type of Java's.
    private static String sentence(ParameterException wrong, CommandLine line) {
        if (!(wrong instanceof UnmatchedArgumentException stray) || stray.isUnknownOption()) {
            return String.valueOf(wrong.getMessage())
                    .replaceFirst("' is not an? (int|long)$", "' is not a whole number, or too large")
                    .replaceFirst("' is not a double$", "' is not a number");
        }
        String word = "'" + stray.getUnmatched().getFirst() + "'";
        return line.getParent() == null ? "there is no command " + word : word + " means nothing here";
    }

    /// Returns how a command is written, on one line however long that is.
    private static String synopsis(CommandLine line) {
        return new Help(line.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF))
                .synopsis(0)
                .lines()
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }

    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + Problem.sentence(failure));
        return Problem.exitCode(failure);
    }

    /// The version that the build wrote into the module.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var module = Objects.requireNonNull(DyadCommand.class.getModule().getDescriptor(), "not in a module");
            return new String[] {"Dyad " + module.rawVersion().orElse("of no version")};
        }
    }
}
