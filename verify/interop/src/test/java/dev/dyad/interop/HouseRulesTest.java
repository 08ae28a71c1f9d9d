package dev.dyad.interop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows between the rooms, and what only one of them may do.
///
/// A rule looks at what is published, or at the classes of all modules, their tests among them.
class HouseRulesTest {

    private static final List<String> PUBLISHED_MODULES =
            List.of("posix", "socket", "process", "message", "message-json", "worker", "php", "cli");
    private static final List<String> VERIFYING_MODULES = List.of(
            "verify/harness",
            "verify/contract",
            "verify/interop",
            "verify/stress",
            "verify/bench",
            "verify/soak",
            "verify/site");
    private static final JavaClasses PUBLISHED = imported(PUBLISHED_MODULES.stream(), "classes");
    private static final JavaClasses HOUSE =
            imported(Stream.concat(PUBLISHED_MODULES.stream(), VERIFYING_MODULES.stream()), "classes", "test-classes");
    /// The same thing in the field's own words.
    private static final Set<String> NAMES_OF_TWO = Set.of(
            "Main", // where a program starts: the launcher, the benchmarks, the soak, the site
            "Descriptor"); // an open descriptor: what users have, and what the tests see of one in /proc

    /// What is exported to everybody.
    private static final Set<String> API = Set.of(
            "dev.dyad.socket",
            "dev.dyad.process",
            "dev.dyad.message",
            "dev.dyad.message.json",
            "dev.dyad.worker",
            "dev.dyad.php");

    private static final String GENERATED = ".*_jcstress.*";
    private static final String LINUX = "dev.dyad.posix.linux..";
    private static final String ATTEMPT = "dev.dyad.socket.waiting.Attempt";
    private static final String WAITER = "dev.dyad.socket.waiting.Waiter";
    private static final String DIRECTION = "dev.dyad.socket.fd.Direction";
    private static final String WAIT_STRATEGY = "dev.dyad.socket.fd.WaitStrategy";
    private static final String EVENT_QUEUE = "dev.dyad.posix.EventQueue";

    /// Who waits, and not for a call on an end; or looks by a call that could wait.
    private static final Set<String> WAIT_FOR_SOMETHING_ELSE = Set.of(
            "EventThread", // for the descriptors of everybody who watches one
            "BoundedWait", // for what another thread is about to do
            "SignalledCall", // for a thread to leave its call
            "SignalSender",
            "SharedAcceptor", // a call that does not wait gives the acceptor's thread a moment
            "SocketCalls", // looks
            "JdkPair", // for the JDK to connect the two ends of a pair
            "AtExit", // for children to end, when the JVM does
            "DeadlineWaits", // for what another thread does
            "RequestOutcomes", // for a worker that is late to show that it goes on
            "NodeExchange", // for the answer to a handle, which another thread may read
            "ForkedChildren", // of PHP, for news of a child that no descriptor tells
            "StandardStream"); // the launcher's own input and output

    /// For those who compare two versions of the API: such a class may get one more abstract method.
    @Test
    void no_abstract_class_of_the_api_can_be_extended_by_users() {
        List<JavaClass> all = PUBLISHED.stream()
                .filter(type -> API.contains(type.getPackageName()))
                .filter(type -> type.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.ABSTRACT)))
                .filter(type -> !type.isInterface())
                .toList();

        assertThat(all).isNotEmpty();
        assertThat(all)
                .flatExtracting(JavaClass::getConstructors)
                .allSatisfy(constructor -> assertThat(constructor.getModifiers())
                        .as(constructor.getFullName())
                        .doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED));
    }

    @Test
    void every_room_is_looked_at() {
        assertThat(rooms(PUBLISHED))
                .contains(
                        "dev.dyad.posix",
                        "dev.dyad.posix.linux",
                        "dev.dyad.socket",
                        "dev.dyad.socket.fd",
                        "dev.dyad.process",
                        "dev.dyad.process.spawn",
                        "dev.dyad.message",
                        "dev.dyad.message.json",
                        "dev.dyad.worker",
                        "dev.dyad.php",
                        "dev.dyad.php.transfer",
                        "dev.dyad.cli")
                .doesNotContain("dev.dyad.harness");
        assertThat(rooms(HOUSE))
                .contains(
                        "dev.dyad.harness",
                        "dev.dyad.contract",
                        "dev.dyad.interop",
                        "dev.dyad.stress",
                        "dev.dyad.bench",
                        "dev.dyad.soak",
                        "dev.dyad.site",
                        "dev.dyad.socket.examples");
        assertThat(HOUSE.contain(HouseRulesTest.class)).isTrue();
    }

    private static Set<String> rooms(JavaClasses classes) {
        return classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    @Test
    void no_name_stands_twice_among_the_modules() {
        Map<String, Long> classes = Stream.concat(PUBLISHED_MODULES.stream(), VERIFYING_MODULES.stream())
                .flatMap(HouseRulesTest::sources)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(classes).hasSizeGreaterThan(300);
        classes.values().removeIf(count -> count == 1);
        assertThat(NAMES_OF_TWO).containsAll(classes.keySet());
    }

    /// Returns the simple names of the classes that have a file of their own in a module.
    private static Stream<String> sources(String module) {
        Path folder = PhpRuns.ROOT.resolve(module, "src/main/java");
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_arrows_are_those_of_the_floor_plan() {
        check(Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.dyad..")
                .layer("posix")
                .definedBy("dev.dyad.posix..")
                .layer("socket")
                .definedBy("dev.dyad.socket..")
                .layer("process")
                .definedBy("dev.dyad.process..")
                .layer("message")
                .definedBy(
                        "dev.dyad.message",
                        "dev.dyad.message.gone",
                        "dev.dyad.message.jfr",
                        "dev.dyad.message.examples")
                .layer("json")
                .definedBy("dev.dyad.message.json..")
                .layer("worker")
                .definedBy("dev.dyad.worker..")
                .layer("php")
                .definedBy("dev.dyad.php..")
                .layer("cli")
                .definedBy("dev.dyad.cli..")
                .layer("harness")
                .definedBy("dev.dyad.harness..")
                .layer("verify")
                .definedBy(
                        "dev.dyad.contract..",
                        "dev.dyad.interop..",
                        "dev.dyad.stress..",
                        "dev.dyad.bench..",
                        "dev.dyad.soak..",
                        "dev.dyad.site..")
                .whereLayer("harness")
                .mayNotAccessAnyLayer()
                .whereLayer("posix")
                .mayOnlyBeAccessedByLayers("socket", "process", "php", "cli", "verify")
                .whereLayer("socket")
                .mayOnlyBeAccessedByLayers("process", "message", "json", "worker", "php", "cli", "verify")
                .whereLayer("process")
                .mayOnlyBeAccessedByLayers("message", "json", "worker", "php", "cli", "verify")
                .whereLayer("message")
                .mayOnlyBeAccessedByLayers("json", "worker", "cli", "verify")
                .whereLayer("json")
                .mayOnlyBeAccessedByLayers("verify")
                .whereLayer("worker")
                .mayOnlyBeAccessedByLayers("cli", "verify")
                .whereLayer("php")
                .mayOnlyBeAccessedByLayers("cli", "verify")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer());
    }

    @Test
    void the_rooms_of_process_have_no_circle() {
        checkPublished(SlicesRuleDefinition.slices()
                .matching("dev.dyad.process.(*)..")
                .should()
                .beFreeOfCycles());
    }

    /// What users see stands on the rooms. Of what they see, a room knows the values alone, and `Command` where it
    /// starts processes itself.
    @Test
    void the_rooms_of_process_do_not_stand_on_what_users_see() {
        checkPublished(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.dyad.process.spawn",
                        "dev.dyad.process.exit",
                        "dev.dyad.process.stream",
                        "dev.dyad.process.java",
                        "dev.dyad.process.inherited")
                .and()
                .doNotHaveSimpleName("PreExec")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.dyad\\.process\\.(Child|Command|JavaCommand|OutputCall|Launch)"));
    }

    @Test
    void the_rooms_of_php_have_no_circle() {
        checkPublished(SlicesRuleDefinition.slices()
                .matching("dev.dyad.php.(*)..")
                .should()
                .beFreeOfCycles());
    }

    /// Of what users see, a room knows the values alone: `Ref`, the errors that are thrown, and constants, which the
    /// compiler copies.
    @Test
    void the_rooms_of_php_do_not_stand_on_what_users_see() {
        checkPublished(noClasses()
                .that()
                .resideInAPackage("dev.dyad.php.*..")
                .should()
                .dependOnClassesThat(are(resideInAPackage("dev.dyad.php"))
                        .and(not(describe("a value", HouseRulesTest::isAValueOfPhp)))));
    }

    private static boolean isAValueOfPhp(JavaClass type) {
        return type.getName().equals("dev.dyad.php.Ref") || type.isAssignableTo("dev.dyad.php.PhpError");
    }

    @Test
    void only_the_door_names_what_is_in_a_systems_room() {
        checkPublished(noClasses()
                .that()
                .resideOutsideOfPackage(LINUX)
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.Platforms")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.NoPlatform") // which has Linux's numbers
                .should()
                .dependOnClassesThat(are(resideInAPackage(LINUX))));
    }

    @Test
    void only_one_class_links() {
        checkPublished(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.Linking")
                .should()
                .callMethodWhere(target(
                        owner(describe("java.lang.foreign.Linker", type -> type.isEquivalentTo(Linker.class))))));
    }

    /// What opens a descriptor, waits for one, connects and closes is there once, for both faces.
    @Test
    void php_stands_on_the_raw_socket() {
        checkPublished(noClasses()
                .that()
                .resideInAPackage("dev.dyad.php..")
                .should()
                .callMethodWhere(target(describe("a call that the engine makes", HouseRulesTest::isOfTheEngine)))
                .orShould()
                .dependOnClassesThat(are(describe("inside the engine", HouseRulesTest::isInsideTheEngine))));
    }

    private static boolean isOfTheEngine(AccessTarget target) {
        return switch (target.getOwner().getName()) {
            case "dev.dyad.posix.Fcntl", "dev.dyad.posix.Poll" -> true;
            case "dev.dyad.posix.SysSocket" ->
                Set.of("socket", "socketpair", "accept4", "connect", "shutdown").contains(target.getName());
            case "dev.dyad.posix.Unistd" -> Set.of("close", "dup3").contains(target.getName());
            default -> false;
        };
    }

    private static boolean isInsideTheEngine(JavaClass type) {
        return type.getName().startsWith("dev.dyad.socket.")
                && !type.getPackageName().matches("dev\\.dyad\\.socket(\\.thread)?")
                && !type.getName()
                        .matches("dev\\.dyad\\.socket\\.(fd\\.(RawSocket|SocketCalls|SocketAddresses)|"
                                + "select\\.FdSelection)(\\$.*)?");
    }

    @Test
    void what_is_published_depends_on_the_jdk_alone() {
        checkPublished(classes()
                .that()
                .resideInAnyPackage(
                        "dev.dyad.posix..",
                        "dev.dyad.socket..",
                        "dev.dyad.process..",
                        "dev.dyad.message",
                        "dev.dyad.message.gone",
                        "dev.dyad.message.jfr",
                        "dev.dyad.php..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net..",
                        "javax.tools..",
                        "jdk.jfr..", // where it is there
                        "jdk.net..",
                        "com.sun.source..",
                        "dev.dyad..",
                        "org.jspecify.."));
    }

    @Test
    void nobody_sleeps_neither_here_nor_in_a_test() {
        check(noClasses()
                .that()
                .haveNameNotMatching(GENERATED)
                .should()
                .callMethodWhere(target(name("sleep"))
                        .and(target(owner(describe("Thread or TimeUnit", HouseRulesTest::maySleep))))));
    }

    private static boolean maySleep(JavaClass type) {
        return type.isEquivalentTo(Thread.class) || type.isEquivalentTo(TimeUnit.class);
    }

    @Test
    void only_one_class_makes_threads() {
        checkPublished(noClasses()
                .that()
                .haveNameNotMatching("dev\\.dyad\\.socket\\.thread\\.LibraryThreads(\\$.*)?")
                .should()
                .callCodeUnitWhere(target(describe("a way to a thread", HouseRulesTest::makesThread))));
    }

    private static boolean makesThread(AccessTarget target) {
        String owner = target.getOwner().getName();
        return switch (owner) {
            case "java.lang.Thread" ->
                Set.of("<init>", "ofPlatform", "ofVirtual", "startVirtualThread")
                        .contains(target.getName());
            case "java.lang.ref.Cleaner" -> target.getName().equals("create");
            case "java.util.concurrent.Executors", "java.util.Timer", "java.util.concurrent.ForkJoinPool" -> true;
            case "java.util.concurrent.CompletableFuture" ->
                target.getName().endsWith("Async")
                        && target instanceof CodeUnitCallTarget call
                        && call.getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Executor.class)); // the common pool
            default -> false;
        };
    }

    /// An attempt is made again by one class alone. What waits between two attempts is a waiter, which nobody but the
    /// strategy of a direction has: a loop of one's own around a wait is of no use without either.
    @Test
    void calls_wait_in_one_loop() {
        checkPublished(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(DIRECTION)
                .and()
                .haveNameNotMatching(".*(SystemCall\\$Named|StreamSocket\\$HeadFirst)") // attempts that have others
                .should()
                .callMethodWhere(target(name("make")).and(target(owner(describe("an attempt", isA(ATTEMPT)))))));
        checkPublished(noClasses()
                .that(describe("wait by themselves", HouseRulesTest::mayNotWait))
                .should()
                .callMethodWhere(target(describe("a wait", HouseRulesTest::isWait))));
        checkPublished(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(DIRECTION)
                .should()
                .callMethodWhere(target(name("awaitReady"))));
    }

    private static boolean mayNotWait(JavaClass type) {
        return Stream.of(EVENT_QUEUE, WAITER, WAIT_STRATEGY).noneMatch(type::isAssignableTo)
                && !WAIT_FOR_SOMETHING_ELSE.contains(type.getSimpleName());
    }

    private static boolean isWait(AccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        return switch (owner.getName()) {
            case "java.util.concurrent.locks.LockSupport" -> name.startsWith("park");
            case "java.nio.channels.Selector" -> name.equals("select");
            case "dev.dyad.posix.Poll" -> true;
            default -> name.equals("await") && (owner.isAssignableTo(WAITER) || owner.isAssignableTo(EVENT_QUEUE));
        };
    }

    /// What would have to wait is `-EAGAIN` there, whoever asks and whatever time is up; the API makes
    /// exceptions of it.
    @Test
    void below_the_api_there_is_one_encoding() {
        checkPublished(noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.dyad.socket..")
                .should()
                .haveNameMatching("WOULD_BLOCK|TIMED_OUT"));
        checkPublished(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.dyad.socket.fd",
                        "dev.dyad.socket.waiting",
                        "dev.dyad.socket.transfer",
                        "dev.dyad.socket.select")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.SocketTimeoutException|java\\.io\\.InterruptedIOException"));
    }

    @Test
    void a_turn_and_a_reference_are_one_word() {
        checkPublished(noClasses()
                .that()
                .resideInAPackage("dev.dyad.socket.fd")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.socket.fd.FdMutex")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent.locks..", "java.util.concurrent.atomic.."));
        checkPublished(fields().that()
                .areDeclaredIn("dev.dyad.socket.fd.FdMutex")
                .and()
                .haveRawType(describe("atomic", type -> type.getPackageName().equals("java.util.concurrent.atomic")))
                .should()
                .haveName("word"));
    }

    private static Predicate<JavaClass> isA(String type) {
        return candidate -> candidate.isAssignableTo(type);
    }

    /// What is in one stays there with its class loader for as long as a user's thread lives; these hold
    /// what is the JDK's.
    @Test
    void four_classes_have_something_for_each_thread() {
        checkPublished(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.dyad.socket.waiting.BlockingWaiter")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.error.Errors")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.process.ForkedChildren")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.process.Processes")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class));
    }

    private static void check(ArchRule rule) {
        rule.check(HOUSE);
    }

    private static void checkPublished(ArchRule rule) {
        rule.check(PUBLISHED);
    }

    private static JavaClasses imported(Stream<String> modules, String... folders) {
        Set<Path> all = modules.map(module -> PhpRuns.ROOT.resolve(module).resolve("target"))
                .flatMap(target -> Stream.of(folders).map(target::resolve))
                .filter(Files::isDirectory)
                .collect(Collectors.toSet());
        return new ClassFileImporter().importPaths(all);
    }
}
