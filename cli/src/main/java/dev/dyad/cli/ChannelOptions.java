package dev.dyad.cli;

import dev.dyad.message.Wire;
import dev.dyad.process.Command;
import dev.dyad.process.Stdio;
import picocli.CommandLine.Option;

/// The options that say how one talks with a command in messages.
final class ChannelOptions {

    /// How they stand in a synopsis.
    static final String SYNOPSIS = "[--wire WIRE] [--stdio | --fd N]";

    @Option(
            names = "--wire",
            converter = NamedWire.Converter.class,
            paramLabel = "WIRE",
            description = "How messages lie in the stream: ${COMPLETION-CANDIDATES}; framed unless said.")
    private NamedWire wire = NamedWire.FRAMED;

    @Option(names = "--stdio", description = "Talks over the command's standard input and output, instead of a socket.")
    private boolean stdio;

    @Option(names = "--fd", paramLabel = "N", description = "The descriptor of the command's socket: 3 unless said.")
    private int fd = 3;

    Wire wire() {
        return wire.wire();
    }

    /// Returns over what its messages come, for people.
    String answersOver() {
        return stdio ? "its standard output" : "descriptor " + fd;
    }

    /// Gives a command what it is talked with over.
    Command prepared(Command command) {
        return stdio
                ? command.stdin(Stdio.pipe()).stdout(Stdio.pipe()).withoutSocket()
                : fd == 0 ? command.fd(0) : command.fd(fd).stdin(Stdio.ignore());
    }
}
