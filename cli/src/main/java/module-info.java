import org.jspecify.annotations.NullMarked;

/// The command line of Dyad, which the launcher runs. Not an interface for programs.
@NullMarked
module dev.dyad.cli {
    requires static jdk.jfr; // only of `top`, for which the launcher adds it
    requires static org.jline.terminal; // likewise
    requires static org.jspecify;
    requires dev.dyad.message;
    requires dev.dyad.php;
    requires dev.dyad.posix;
    requires dev.dyad.process;
    requires dev.dyad.socket;
    requires dev.dyad.worker;
    requires info.picocli;
    requires jdk.unsupported;

    opens dev.dyad.cli to
            info.picocli,
            dev.dyad.php;
}
