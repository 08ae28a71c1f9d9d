package dev.dyad.soak;

import dev.dyad.bench.SoakRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Soaks, prints, and keeps the figures. `dyad soak --help` is what people read.
@Command(name = "soak", description = "Runs everything at once, at random, and says what does not come back.")
final class Main implements Callable<Integer> {

    private static final int IO = 74; // EX_IOERR of sysexits.h

    @Option(names = "--minutes", required = true)
    private double minutes;

    @Option(names = "--seed")
    private @Nullable Long seed;

    @Option(names = "--json", required = true)
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path json;

    /// Exits with 0 if all is flat, 1 if not, 74 if the figures can't be written.
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        var file = new ResultFile(json);
        if (!file.canBeWritten()) {
            return IO;
        }
        long chosen = seed != null ? seed : new Random().nextLong();
        System.out.println("seed " + chosen);
        SoakRun run = SoakRun.begin();
        var length = Duration.ofMillis(Math.round(minutes * 60_000));
        SoakResult result = new Soak(chosen, length, Soak.PARTS, Soak.all()).run();
        System.out.println(result.text());
        if (!file.write(result, run)) {
            return IO;
        }
        return result.complaints().isEmpty() ? 0 : 1;
    }
}
