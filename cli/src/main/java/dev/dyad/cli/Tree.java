package dev.dyad.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The source tree that the launcher stands in, and the programs that are run in it.
record Tree(Path root) {

    private static final String MAVEN_NEEDS = "--sun-misc-unsafe-memory-access=allow"; // or it warns about itself

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

    /// Runs Maven with our JDK, and returns its exit code.
    ///
    /// @throws Problem if there is no Maven
    int maven(List<String> arguments) throws Problem, InterruptedException {
        var builder = new ProcessBuilder("mvn").directory(root.toFile());
        builder.command().addAll(List.of("-ntp", "-B"));
        builder.command().addAll(arguments);
        UserEnvironment.restore(builder.environment());
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("MAVEN_OPTS", MAVEN_NEEDS, (given, ours) -> given + " " + ours);
        return run(builder, "needs Maven (mvn), and there is none in the PATH");
    }

    /// Runs a jar of this tree with our JDK, in the folder of the caller, and returns its exit code.
    int jar(String path, List<String> arguments) throws Problem, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder =
                new ProcessBuilder(java, MAVEN_NEEDS, "-jar", root.resolve(path).toString());
        builder.command().addAll(arguments);
        UserEnvironment.restore(builder.environment());
        return run(builder, "can't start " + java);
    }

    /// In our own process group, so that a terminal's signals reach it; what comes to us alone is handed down.
    private static int run(ProcessBuilder builder, String whyNot) throws Problem, InterruptedException {
        Process process;
        try {
            process = builder.inheritIO().start();
        } catch (IOException e) {
            throw new Problem(Problem.UNAVAILABLE, whyNot);
        }
        var ending = Thread.ofPlatform().unstarted(() -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        });
        Runtime.getRuntime().addShutdownHook(ending);
        int code = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(ending);
        return code;
    }
}
