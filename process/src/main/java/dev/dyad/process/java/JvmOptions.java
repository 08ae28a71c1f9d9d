package dev.dyad.process.java;

import java.util.List;
import java.util.Set;

/// Which options of this JVM a Java child gets too.
///
/// An allow-list, for what is forgotten here must stay with the parent: a debugger, a JMX port, a flight
/// recording or a log file belongs to one process, and a second one that opens the same port or file fails,
/// or overwrites it.
///
/// Class path and module path are not here: `JavaCommand` takes them from where the launcher left them.
public final class JvmOptions {

    private static final Set<String> FLAGS = Set.of(
            "--enable-preview",
            "-ea",
            "-enableassertions",
            "-da",
            "-disableassertions",
            "-esa",
            "-enablesystemassertions",
            "-dsa",
            "-disablesystemassertions",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+UseSerialGC",
            "-XX:+UseParallelGC",
            "-XX:+UseG1GC",
            "-XX:+UseZGC",
            "-XX:+UseShenandoahGC",
            "-XX:+UseEpsilonGC",
            "-XX:+UseContainerSupport",
            "-XX:-UseContainerSupport");

    private static final List<String> PREFIXES = List.of(
            "--add-modules=",
            "--add-exports=",
            "--add-opens=",
            "--add-reads=",
            "--patch-module=",
            "--limit-modules=",
            "--upgrade-module-path=",
            "--enable-native-access=",
            "--illegal-native-access=",
            "-ea:",
            "-enableassertions:",
            "-da:",
            "-disableassertions:",
            "-Xmx",
            "-Xms",
            "-Xmn",
            "-Xss",
            "-XX:MaxHeapSize=",
            "-XX:InitialHeapSize=",
            "-XX:MinHeapSize=",
            "-XX:SoftMaxHeapSize=",
            "-XX:NewSize=",
            "-XX:MaxNewSize=",
            "-XX:MaxRAM=",
            "-XX:MaxRAMPercentage=",
            "-XX:MinRAMPercentage=",
            "-XX:InitialRAMPercentage=",
            "-XX:MetaspaceSize=",
            "-XX:MaxMetaspaceSize=",
            "-XX:CompressedClassSpaceSize=",
            "-XX:MaxDirectMemorySize=",
            "-XX:ReservedCodeCacheSize=",
            "-XX:ThreadStackSize=",
            "-XX:ActiveProcessorCount=");

    /// With these, the JDK uses no cache.
    private static final List<String> CHANGING_MODULES =
            List.of("--patch-module=", "--limit-modules=", "--upgrade-module-path=");

    /// What the JDK's own properties begin with; any other property is the program's own.
    private static final List<String> NAMES_OF_THE_JDK = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "com.oracle.",
            "user.",
            "os.",
            "file.",
            "path.",
            "line.",
            "stdin.",
            "stdout.",
            "stderr.",
            "native.",
            "awt.",
            "swing.");

    private static final Set<String> PROPERTIES_OF_THE_JDK = Set.of(
            "java.awt.headless",
            "java.io.tmpdir",
            "java.library.path",
            "java.net.preferIPv4Stack",
            "java.net.preferIPv6Addresses",
            "java.net.useSystemProxies",
            "java.security.egd",
            "java.util.concurrent.ForkJoinPool.common.parallelism",
            "javax.net.ssl.keyStore",
            "javax.net.ssl.keyStorePassword",
            "javax.net.ssl.keyStoreType",
            "javax.net.ssl.trustStore",
            "javax.net.ssl.trustStorePassword",
            "javax.net.ssl.trustStoreType",
            "jdk.net.unixdomain.tmpdir",
            "jdk.virtualThreadScheduler.maxPoolSize",
            "jdk.virtualThreadScheduler.parallelism",
            "user.country",
            "user.language",
            "user.script",
            "user.timezone",
            "user.variant");

    private JvmOptions() {}

    /// Returns those of `arguments`, which a JVM was started with, that its child gets, in their order.
    public static List<String> inherited(List<String> arguments) {
        return arguments.stream().filter(JvmOptions::isInherited).toList();
    }

    /// Returns those of a child's options on which what is known before its start depends: not the program's own
    /// properties.
    public static List<String> withoutOwnProperties(List<String> options) {
        return options.stream().filter(option -> !isOwnProperty(option)).toList();
    }

    /// Returns whether a JVM that nobody sees may be started with these options, and what it learns be kept.
    public static boolean areRehearsable(List<String> options) {
        return options.stream().allMatch(option -> isOwnProperty(option) || isRehearsable(option));
    }

    private static boolean isRehearsable(String option) {
        return (isInherited(option) || option.startsWith("-D")) && !startsWithAny(option, CHANGING_MODULES);
    }

    private static boolean isOwnProperty(String option) {
        return option.startsWith("-D") && !startsWithAny(nameOf(option), NAMES_OF_THE_JDK);
    }

    private static boolean isInherited(String argument) {
        if (argument.startsWith("-D")) {
            return isInheritedProperty(nameOf(argument));
        }
        return FLAGS.contains(argument) || startsWithAny(argument, PREFIXES);
    }

    private static boolean isInheritedProperty(String name) {
        return PROPERTIES_OF_THE_JDK.contains(name) || !startsWithAny(name, NAMES_OF_THE_JDK);
    }

    private static String nameOf(String property) {
        int equals = property.indexOf('=');
        return property.substring("-D".length(), equals < 0 ? property.length() : equals);
    }

    private static boolean startsWithAny(String text, List<String> prefixes) {
        return prefixes.stream().anyMatch(text::startsWith);
    }
}
