package dev.dyad.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The source tree that the launcher stands in, and the programs that are run in it.
record Tree(Path root) {

    private static final String RESET = "\033[0m"; // which Maven writes even where it was told to use no colours
    private static final String NO_MAVEN = "needs Maven (mvn), and there is none in the PATH";
    private static final String MAVEN_NEEDS = "--sun-misc-unsafe-memory-access=allow"; // or it warns about itself

    private static final int KILLED = 128 + 9;
    private static final int FEW_DESCRIPTORS = 256;

    /// Returns the tree that the launcher named.
    ///
    /// @throws Problem if there is none: this is not run by the launcher
    static Tree here() throws Problem {
        String home = System.getProperty("dyad.home", "");
        if (!Files.isRegularFile(Path.of(home, "pom.xml"))) {
            throw new Problem(Problem.UNAVAILABLE, "there is no source tree here: -Ddyad.home is \"" + home + "\"");
        }
        return new Tree(Path.of(home));
    }

    /// Reads the lines of a program until it says nothing more.
    interface LineReader {
        void read(BufferedReader lines) throws IOException;
    }

    /// Builds a module without tests, and returns Maven's exit code. What Maven says goes to stderr: a program may
    /// read what follows.
    ///
    /// @throws Problem if there is no Maven
    int build(String module) throws Problem, IOException, InterruptedException {
        int code = maven(
                List.of("-q", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "-pl", module, "-am", "package"),
                lines -> lines.lines()
                        .map(line -> line.replace(RESET, ""))
                        .filter(line -> !line.isBlank())
                        .forEach(System.err::println));
        if (code != 0) {
            System.err.println("dyad: the build of " + module + " failed, for the reason that Maven gives above");
            hints(module).forEach(hint -> System.err.println("dyad: " + hint));
        }
        return code;
    }

    /// Says what Maven needs and would not name where it is missing.
    private List<String> hints(String module) {
        List<String> hints = new ArrayList<>();
        Path kept = Path.of(System.getProperty("user.home", ""), ".m2");
        if (!Files.isWritable(Files.exists(kept) ? kept : kept.resolveSibling(""))) {
            hints.add("Maven keeps what it fetches in " + kept + ", and this user can't write there:"
                    + " MAVEN_OPTS=-Duser.home=FOLDER names another folder");
        }
        Path target = root.resolve(module).resolve("target");
        if (Files.exists(target) && !Files.isWritable(target)) {
            hints.add("the build writes into " + root + ", and this user can't: use a copy of the tree");
        }
        Machine.mostDescriptors().ifPresent(most -> {
            if (most < FEW_DESCRIPTORS) {
                hints.add("Maven needs some 200 descriptors, and may have " + most + " (ulimit -n)");
            }
        });
        return hints;
    }

    /// Runs Maven with our JDK, hands what it prints to a reader, and returns its exit code.
    ///
    /// @throws Problem if there is no Maven
    int maven(List<String> arguments, LineReader reader) throws Problem, IOException, InterruptedException {
        var builder = mavenCommand(arguments).redirectErrorStream(true).redirectInput(Redirect.INHERIT);
        TreeProcess maven = start(builder, NO_MAVEN);
        try (var lines = maven.process().inputReader()) {
            reader.read(lines);
        }
        return maven.await();
    }

    private ProcessBuilder mavenCommand(List<String> arguments) {
        var builder = new ProcessBuilder(mavenProgram()).directory(root.toFile());
        builder.command().addAll(List.of("-ntp", "-B", "-Dstyle.color=never"));
        builder.command().addAll(arguments);
        UserEnvironment.restore(builder.environment());
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("MAVEN_OPTS", MAVEN_NEEDS, (given, ours) -> given + " " + ours);
        return builder;
    }

    /// As the launcher does: the user's own, and else the one that the tree's wrapper fetches.
    private String mavenProgram() {
        Path wrapper = root.resolve("mvnw");
        boolean ours = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
        return ours || !Files.isExecutable(wrapper) ? "mvn" : wrapper.toString();
    }

    /// Runs a program of this tree, and returns its exit code.
    int program(String path) throws Problem, InterruptedException {
        String program = root.resolve(path).toString();
        return run(new ProcessBuilder(program).inheritIO(), "can't start " + program);
    }

    /// Runs a jar of this tree with our JDK, in the folder of the caller, and returns its exit code.
    int jar(String path, List<String> arguments) throws Problem, InterruptedException {
        return jar(path, List.of(MAVEN_NEEDS), arguments);
    }

    /// Does so with options for the JVM.
    int jar(String path, List<String> options, List<String> arguments) throws Problem, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(java);
        builder.command().addAll(options);
        builder.command().addAll(List.of("-jar", root.resolve(path).toString()));
        builder.command().addAll(arguments);
        UserEnvironment.restore(builder.environment());
        return run(builder.inheritIO(), "can't start " + java);
    }

    private static int run(ProcessBuilder builder, String whyNot) throws Problem, InterruptedException {
        int code = start(builder, whyNot).await();
        if (code == KILLED) {
            System.err.println(
                    "dyad: the program that was started was killed, as the kernel does where memory is short");
        }
        return code;
    }

    private static TreeProcess start(ProcessBuilder builder, String whyNot) throws Problem, InterruptedException {
        try {
            return TreeProcess.start(builder);
        } catch (IOException e) {
            throw new Problem(Problem.UNAVAILABLE, whyNot);
        }
    }
}
