package dev.dyad.cli;

import dev.dyad.posix.Unistd;
import java.util.Arrays;
import java.util.List;

/// Where the JVM begins: `-Dname=value…` as for java itself, and then a command.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int code = written(run(afterProperties(arguments)));
        if (StandardStream.isRead()) { // for 0.3 s, System.exit would wait in vain for that read to return
            System.out.flush();
            System.err.flush();
            Unistd._exit(code);
        }
        System.exit(code);
    }

    /// What was printed and did not arrive, on a full disk for one, is no success.
    private static int written(int code) {
        if (code == 0 && System.out.checkError()) {
            System.err.println("dyad: not everything could be written to the standard output");
            return Problem.IO;
        }
        return code;
    }

    /// Leaves picocli out of what starts most often: no archive takes its classes, which are of Java 5, and reading
    /// them would be half of the time that `exec` needs to start.
    private static int run(String... arguments) {
        ExecCommand exec = ExecCommand.plain(arguments);
        if (exec != null) {
            return exec.run();
        }
        PrintedOutput.install();
        try {
            return DyadCommand.line().execute(arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("dyad: not enough memory: " + e.getMessage());
            return 1;
        }
    }

    /// Sets the properties that stand before the command, before anything has read them.
    static String[] afterProperties(String... arguments) {
        List<String> all = Arrays.asList(arguments);
        int first = 0;
        while (first < all.size() && all.get(first).startsWith("-D")) {
            String[] property = all.get(first).substring(2).split("=", 2);
            System.setProperty(property[0], property.length == 2 ? property[1] : "");
            first++;
        }
        return all.subList(first, all.size()).toArray(String[]::new);
    }
}
