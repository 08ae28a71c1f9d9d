package dev.dyad.interop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Linker;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows between the rooms, and what only one of them may do.
///
/// A rule looks at what is published, or at the classes of all modules, their tests among them. A class that is
/// named as an exception to a rule has to need that.
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
    /// Programs that have no package, and names of their own: `Worker` is one. So they are not among the others.
    private static final JavaClasses EXAMPLES = imported(Stream.of("examples"), "classes");
    /// The same thing in the field's own words.
    private static final Set<String> NAMES_OF_TWO = Set.of(
            "Main", // where a program starts: the launcher, the benchmarks, the soak, the site
            "Descriptor"); // an open descriptor: what users have, and what the tests see of one in /proc

    private static final List<ModuleDescriptor> DESCRIPTORS = PUBLISHED_MODULES.stream()
            .map(module -> PhpRuns.ROOT.resolve(module, "target/classes"))
            .flatMap(classes -> ModuleFinder.of(classes).findAll().stream())
            .map(ModuleReference::descriptor)
            .toList();

    /// What is exported to everybody.
    private static final Set<String> API = DESCRIPTORS.stream()
            .flatMap(module -> module.exports().stream())
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());

    private static final String GENERATED = ".*_jcstress.*";
    /// The modules in `verify` but `verify/harness`, which knows nothing of Dyad.
    private static final String[] VERIFYING = {
        "dev.dyad.contract..",
        "dev.dyad.interop..",
        "dev.dyad.stress..",
        "dev.dyad.bench..",
        "dev.dyad.soak..",
        "dev.dyad.site.."
    };

    private static final String LINUX = "dev.dyad.posix.linux..";
    private static final String ATTEMPT = "dev.dyad.socket.waiting.Attempt";
    private static final String WAITER = "dev.dyad.socket.waiting.Waiter";
    private static final String WAIT_STRATEGY = "dev.dyad.socket.fd.WaitStrategy";
    private static final String EVENT_QUEUE = "dev.dyad.posix.EventQueue";

    /// Who waits in a loop of its own, and not for a call on an end; or looks by a call that could wait.
    private static final Set<String> WAIT_FOR_SOMETHING_ELSE = Set.of(
            "EventThread", // for the descriptors of everybody who watches one
            "BoundedWait", // for what another thread is about to do
            "SignalledCall", // for a thread to leave its call
            "SignalSender", // for a call that the signal is to end
            "SharedAcceptor", // a call that does not wait gives the acceptor's thread a moment
            "SocketCalls", // looks
            "JdkPair", // for the JDK to connect the two ends of a pair
            "AtExit", // for children to end, when the JVM does
            "DeadlineWaits", // for what another thread does
            "RequestOutcomes", // for a worker that is late to show that it goes on
            "NodeExchange", // for the answer to a handle, which another thread may read
            "SendQueue", // for the lead
            "BlockingCalls", // for the next call to make
            "TakenRequests", // for those that are being answered
            "PoolLock", // until the pool has changed
            "RunningTasks", // for those that run
            "ForkedChildren", // of PHP, for news of a child that no descriptor tells
            "StandardStream"); // the launcher's own input and output

    /// Who makes an exception of an errno below the API, none of them where bytes go.
    private static final Set<String> MAKE_EXCEPTIONS = Set.of(
            "Fd", // for the API, when it has an answer
            "SocketKind", // of opening
            "MemoryFile", // of memory that is opened
            "DonorListener", // of opening, for the JDK
            "SocketCalls", // of taking over and looking
            "SocketChannels", // of handing over to the JDK
            "FileChannels", // of taking over from the JDK
            "SocketNames", // of names
            "StaleFile",
            "ConnectCall", // of connecting
            "Acceptor", // of accepting
            "SharedAcceptor", // of accepting
            "FdOptions", // of options
            "PeerInfo", // of the peer's name and credentials
            "RawSocket", // of options and names, and answers with its errno
            "PpollWaiter", // of a wait that failed itself, whatever it was for
            "QueueWaiter", // likewise
            "WakeableQueue", // of opening an event queue, and of its waits
            "EventLoop", // likewise
            "EventThread"); // likewise

    /// Which classes for tests may park for a time, or wait for one at most.
    private static final Set<String> LET_TIME_PASS = Set.of(
            "Await", // looks for a state now and then
            "NoLeaks", // for what ends by itself
            "RedeployTest", // for a waiter, in a class loader that has no Await
            "RandomChannelTest", // for what has arrived
            "RandomPool", // for what a worker has started
            "JdkWaitStrategyTest", // for the end of a thread, which has to come
            "SelectorOperations", // for a selector that is woken late
            "JavaSide", // for the other process
            "BlockingCallsTest", // for one that has to come, and for one that must not
            "BlockingWaiterTest", // until the wait is a long one
            "RawSocketOperations", // for a wait that nothing tells of
            "SharedListenerTest", // has a thread begin late
            "Traffic", // is a slow reader
            "RandomHarm", // harms now and then
            "RandomCaller", // is interrupted then, and asks again later
            "PairWorkload", // is a slow reader
            "Soak", // starts and ends now and then
            "SoakTest", // plants leaks now and then
            "Watcher"); // looks at the process now and then

    private static final Pattern PROPERTY_OF_OURS =
            Pattern.compile("(getProperty|getBoolean|getInteger|getLong)\\(\\s*\"dyad\\.");

    private static final Set<String> VALUES_OF_PROCESS = Set.of("Exit", "Limit", "Output", "ResourceUsage", "Signal");

    /// What else a room of `process` knows of what users see.
    private static final Map<String, Set<String>> KNOWN_IN_ROOMS_OF_PROCESS = Map.of(
            "PreExec", Set.of("Command"), // whose messages name its methods, and which starts a program
            "AotTrainer", Set.of("Child", "Command", "Inherited", "Stdio"), // starts a JVM, in which it is asked itself
            "AotTraining", Set.of("Child", "Command", "Stdio"),
            "AotRehearsal", Set.of("Inherited"),
            "PoolSpawn", Set.of("Child", "Command"), // starts a worker
            "InheritedSocketLookup", Set.of("Inherited"), // asks for a listener
            "StandardStreamSocket", Set.of("Inherited")); // takes over a socket

    private static final Pattern COMMENT = Pattern.compile("//.*");
    private static final Pattern BELOW_ZERO = Pattern.compile("(?<![\\w)])-\\d");

    /// Who has such a number, and not as an answer that could be an errno.
    private static final Set<String> HAVE_NUMBERS_BELOW_ZERO = Set.of(
            "SocketAddresses", // bytes of an address
            "PeerInfo", // nobody's number
            "BlockingWaiter", // of a descriptor that it does not have yet
            "ParkedWaiter", // or no longer
            "FdSelection", // or never
            "QueueWaiter", // of events where it has not waited
            "WakeSignal", // of a thread that takes no signal
            "WakeableQueue", // the key of a wake
            "EventThread"); // for ever

    /// What PHP's face uses of the engine.
    private static final Set<String> ENGINE_OF_PHP =
            Set.of("fd.RawSocket", "fd.SocketCalls", "fd.SocketAddresses", "select.FdSelection");

    /// The JDK's packages that what is published depends on.
    private static final Set<String> JDK = Set.of(
            "java..",
            "javax.net..",
            "javax.tools..",
            "jdk.jfr..", // where it is there
            "jdk.net..",
            "com.sun.source..");

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
        assertThat(classes).containsOnlyKeys(NAMES_OF_TWO);
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
                .definedBy(VERIFYING)
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

    /// The tests of a module, and `verify/stress`, reach what is inside: they lie in its packages.
    @Test
    void what_verifies_uses_what_users_have() {
        assertThat(DESCRIPTORS).hasSameSizeAs(PUBLISHED_MODULES);
        assertThat(API).contains("dev.dyad.socket", "dev.dyad.message.json").doesNotContain("dev.dyad.posix");
        onlyThese(
                HOUSE.that(are(resideInAnyPackage(VERIFYING))),
                Set.of(
                        "ChannelFaultWalk", // has calls of posix fail
                        "PoolFaultsTest", // likewise
                        "MarkedProcesses"), // signals processes that are no children
                dependOnClassesThat(describe("internal", HouseRulesTest::isInternal)));
    }

    @Test
    void examples_use_what_users_have() {
        onlyThese(EXAMPLES, Set.of(), dependOnClassesThat(describe("internal", HouseRulesTest::isInternal)));
        onlyThese(EXAMPLES, Set.of(), sleeping());
        assertThat(EXAMPLES.stream().map(JavaClass::getName)).contains("SocketPairExample", "Worker");
    }

    private static boolean isInternal(JavaClass type) {
        return moduleOf(type).isPresent() && !API.contains(type.getPackageName());
    }

    /// A class of a room that is exported to some modules may name types of a room that is exported to nobody. What
    /// those modules call of it does not, as they could neither hand such a thing over nor take one.
    @Test
    void what_a_module_uses_of_another_names_only_types_that_it_sees() {
        JavaClass hidden = PUBLISHED.get("dev.dyad.socket.waiting.TimeLimit");
        assertThat(isVisible(hidden, PUBLISHED.get("dev.dyad.socket.Endpoint"))).isTrue();
        assertThat(isVisible(hidden, PUBLISHED.get("dev.dyad.process.Child"))).isFalse();
        onlyThese(
                PUBLISHED,
                Set.of(),
                accessTargetWhere(describe(
                        "something that names a type which is not exported there",
                        access -> typesOf(access.getTarget())
                                .anyMatch(type -> !isVisible(type.getBaseComponentType(), access.getOriginOwner())))));
    }

    private static Stream<JavaClass> typesOf(AccessTarget target) {
        return switch (target) {
            case CodeUnitAccessTarget call ->
                Stream.concat(call.getRawParameterTypes().stream(), Stream.of(call.getRawReturnType()));
            case FieldAccessTarget field -> Stream.of(field.getRawType());
            default -> Stream.of();
        };
    }

    private static boolean isVisible(JavaClass type, JavaClass from) {
        Optional<ModuleDescriptor> there = moduleOf(type);
        Optional<ModuleDescriptor> here = moduleOf(from);
        return there.isEmpty()
                || there.equals(here)
                || there.get().exports().stream()
                        .anyMatch(export -> export.source().equals(type.getPackageName())
                                && (!export.isQualified()
                                        || export.targets()
                                                .contains(here.orElseThrow().name())));
    }

    private static Optional<ModuleDescriptor> moduleOf(JavaClass type) {
        return DESCRIPTORS.stream()
                .filter(module -> module.packages().contains(type.getPackageName()))
                .findAny();
    }

    @Test
    void the_rooms_of_process_have_no_circle() {
        checkPublished(SlicesRuleDefinition.slices()
                .matching("dev.dyad.process.(*)..")
                .should()
                .beFreeOfCycles());
    }

    /// What users see stands on the rooms. Of it, a room knows the values, and more only where it is named.
    @Test
    void the_rooms_of_process_do_not_stand_on_what_users_see() {
        Map<String, Set<String>> known = PUBLISHED.that(are(resideInAPackage("dev.dyad.process.*.."))).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isOfProcessAndNoValue(dependency.getTargetClass()))
                .collect(Collectors.groupingBy(
                        dependency -> outermost(dependency.getOriginClass()),
                        Collectors.mapping(dependency -> outermost(dependency.getTargetClass()), Collectors.toSet())));

        assertThat(known).containsExactlyInAnyOrderEntriesOf(KNOWN_IN_ROOMS_OF_PROCESS);
    }

    private static boolean isOfProcessAndNoValue(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        return element.getPackageName().equals("dev.dyad.process")
                && !VALUES_OF_PROCESS.contains(outermost(element))
                && !element.getSimpleName().equals("Passed"); // a descriptor of `Inherited`, and its name
    }

    private static String outermost(JavaClass type) {
        return type.getBaseComponentType().getName().replaceFirst(".*\\.", "").replaceFirst("\\$.*", "");
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
        onlyThese(
                PUBLISHED.that(are(resideOutsideOfPackage(LINUX))),
                Set.of("Platforms", "NoPlatform"), // which has Linux's numbers
                dependOnClassesThat(resideInAPackage(LINUX)));
    }

    @Test
    void only_one_class_links() {
        onlyThese(PUBLISHED, Set.of("Linking"), linking());
    }

    private static ArchCondition<JavaClass> linking() {
        return accessing("the linker", target -> target.getOwner().isEquivalentTo(Linker.class));
    }

    @Test
    void an_exception_that_is_missing_or_needless_or_nobodys_fails() {
        assertThatThrownBy(() -> onlyThese(PUBLISHED, Set.of("Platforms"), linking()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("dev.dyad.posix.Linking");
        assertThatThrownBy(() -> onlyThese(PUBLISHED, Set.of("Linking", "Platforms"), linking()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Platforms is named in vain");
        assertThatThrownBy(() -> onlyThese(PUBLISHED, Set.of("Linking", "Nobody"), linking()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Nobody is named in vain");
    }

    /// What opens a descriptor, waits for one, connects and closes is there once, for both faces.
    @Test
    void php_stands_on_the_raw_socket() {
        JavaClasses php = PUBLISHED.that(are(resideInAPackage("dev.dyad.php..")));
        assertThat(ENGINE_OF_PHP).allSatisfy(name -> requireOne(name, php, dependOnClassesThat(named(name))));
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
                && ENGINE_OF_PHP.stream().noneMatch(name -> named(name).test(type));
    }

    @Test
    void what_is_published_depends_on_the_jdk_alone() {
        JavaClasses published =
                PUBLISHED.that(are(resideOutsideOfPackages("dev.dyad.message.json..", "dev.dyad.cli..")));
        classes()
                .should()
                .onlyDependOnClassesThat(
                        are(resideInAPackage("dev.dyad..").or(resideInAnyPackage(JDK.toArray(String[]::new)))))
                .check(published);
        assertThat(JDK).allSatisfy(name -> requireOne(name, published, dependOnClassesThat(resideInAPackage(name))));
    }

    @Test
    void nobody_sleeps_neither_here_nor_in_a_test() {
        onlyThese(
                HOUSE.that(are(not(describe("generated", type -> type.getName().matches(GENERATED))))),
                Set.of(),
                sleeping());
    }

    private static ArchCondition<JavaClass> sleeping() {
        return accessing("sleep", target -> target.getName().equals("sleep") && maySleep(target.getOwner()));
    }

    private static boolean maySleep(JavaClass type) {
        return type.isEquivalentTo(Thread.class) || type.isEquivalentTo(TimeUnit.class);
    }

    /// Published code waits as [#calls_wait_in_one_loop] says, and benchmarks let time pass on purpose.
    @Test
    void a_test_lets_time_pass_only_where_it_is_said_why() {
        onlyThese(
                HOUSE.that(are(
                        describe("for tests", type -> !PUBLISHED.contain(type.getName()) && !isOfABenchmark(type)))),
                LET_TIME_PASS,
                accessing("a wait with a limit of its own", HouseRulesTest::letsTimePass));
    }

    private static boolean isOfABenchmark(JavaClass type) {
        return type.getPackageName().startsWith("dev.dyad.bench")
                && !outermost(type).endsWith("Test");
    }

    private static boolean letsTimePass(AccessTarget target) {
        return switch (target.getOwner().getName()) {
            case "java.util.concurrent.locks.LockSupport" ->
                Set.of("parkNanos", "parkUntil").contains(target.getName());
            case "java.util.concurrent.TimeUnit" -> target.getName().startsWith("timed");
            case "java.lang.Object", "java.lang.Thread" ->
                Set.of("wait", "join").contains(target.getName())
                        && target instanceof CodeUnitAccessTarget call
                        && !call.getRawParameterTypes().isEmpty();
            default -> false;
        };
    }

    @Test
    void only_one_class_makes_threads() {
        // A warning is logged below the module of the others.
        onlyThese(
                PUBLISHED,
                Set.of("LibraryThreads", "Setting"),
                accessing("a way to a thread", HouseRulesTest::makesThread));
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
                        && target instanceof CodeUnitAccessTarget call
                        && call.getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Executor.class)); // the common pool
            default -> false;
        };
    }

    /// An attempt is made again by one class alone. What waits between two attempts is a waiter, which nobody but the
    /// strategy of a direction has: a loop of one's own around a wait is of no use without either.
    @Test
    void calls_wait_in_one_loop() {
        onlyThese(
                PUBLISHED,
                Set.of("Direction", "SystemCall$Named", "StreamSocket$HeadFirst"), // attempts that have others
                accessing(
                        "an attempt",
                        target -> target.getName().equals("make")
                                && target.getOwner().isAssignableTo(ATTEMPT)));
        onlyThese(
                PUBLISHED.that(are(describe("no way to wait", HouseRulesTest::isNoWayToWait))),
                WAIT_FOR_SOMETHING_ELSE,
                accessing("a wait", HouseRulesTest::isWait));
        onlyThese(
                PUBLISHED,
                Set.of("Direction"),
                accessing("a strategy", target -> target.getName().equals("awaitReady")));
    }

    private static boolean isNoWayToWait(JavaClass type) {
        return Stream.of(EVENT_QUEUE, WAITER, WAIT_STRATEGY).noneMatch(type::isAssignableTo);
    }

    /// What is made in a loop. A latch, a future and the like are awaited once.
    private static boolean isWait(AccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        return switch (owner.getName()) {
            case "java.lang.Object" -> name.equals("wait");
            case "java.util.concurrent.locks.LockSupport" -> name.startsWith("park");
            case "java.util.concurrent.locks.Condition" -> name.startsWith("await");
            case "java.nio.channels.Selector" -> name.equals("select");
            case "dev.dyad.posix.Poll" -> true;
            default -> name.equals("await") && (owner.isAssignableTo(WAITER) || owner.isAssignableTo(EVENT_QUEUE));
        };
    }

    /// What bytes go through answers what the kernel did: zero or more, or `-errno`. What would have to wait is
    /// `-EAGAIN` there, whoever asks and whatever time is up; the API makes exceptions of it.
    @Test
    void below_the_api_a_call_for_bytes_answers_with_its_errno() {
        onlyThese(
                PUBLISHED.that(are(resideInAPackage("dev.dyad.socket.*.."))),
                MAKE_EXCEPTIONS,
                accessing("an exception of an errno", HouseRulesTest::makesAnExceptionOfAnErrno));
        onlyThese(
                PUBLISHED.that(are(resideInAnyPackage(
                        "dev.dyad.socket.fd",
                        "dev.dyad.socket.waiting",
                        "dev.dyad.socket.transfer",
                        "dev.dyad.socket.select",
                        "dev.dyad.socket.option",
                        "dev.dyad.socket.thread"))),
                Set.of(),
                dependOnClassesThat(describe(
                        "an end of waiting",
                        type -> type.isAssignableTo(SocketTimeoutException.class)
                                || type.isEquivalentTo(InterruptedIOException.class))));
    }

    private static boolean makesAnExceptionOfAnErrno(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "<init>" -> owner.getName().equals("dev.dyad.socket.SystemCallException");
            case "failure" ->
                target instanceof CodeUnitAccessTarget && owner.getPackageName().startsWith("dev.dyad.socket");
            default -> false;
        };
    }

    /// It would be an errno to who asks: `-1` is `-EPERM`.
    @Test
    void no_answer_below_the_api_is_a_bare_number_below_zero() {
        Path rooms = PhpRuns.ROOT.resolve("socket/src/main/java/dev/dyad/socket");
        assertThat(Sources.byName().values().stream()
                        .flatMap(List::stream)
                        .filter(source -> Stream.of("fd", "waiting", "transfer", "select", "thread")
                                .map(rooms::resolve)
                                .anyMatch(source::startsWith))
                        .filter(source -> BELOW_ZERO
                                .matcher(COMMENT.matcher(Sources.read(source)).replaceAll(""))
                                .find())
                        .map(source -> source.getFileName().toString().replace(".java", "")))
                .containsExactlyInAnyOrderElementsOf(HAVE_NUMBERS_BELOW_ZERO);
    }

    /// It warns of a wrong value. `Linking` has a switch for tests, without a value; the launcher is told where it lies
    /// and what its environment was, and its `Strategies` say what was set.
    @Test
    void properties_of_ours_are_read_by_setting() {
        assertThat(Stream.of("posix", "socket", "process", "message", "message-json", "worker", "php", "cli")
                        .map(module -> PhpRuns.ROOT.resolve(module, "src/main"))
                        .flatMap(published -> Sources.byName().values().stream()
                                .flatMap(List::stream)
                                .filter(source -> source.startsWith(published)))
                        .filter(source ->
                                PROPERTY_OF_OURS.matcher(Sources.read(source)).find())
                        .map(source -> source.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        "Linking.java", "UserEnvironment.java", "Tree.java", "DemoCommand.java", "Strategies.java");
    }

    @Test
    void a_turn_and_a_reference_are_one_word() {
        onlyThese(
                PUBLISHED.that(are(resideInAPackage("dev.dyad.socket.fd"))),
                Set.of("FdMutex"),
                dependOnClassesThat(
                        resideInAnyPackage("java.util.concurrent.locks..", "java.util.concurrent.atomic..")));
        checkPublished(fields().that()
                .areDeclaredIn("dev.dyad.socket.fd.FdMutex")
                .and()
                .haveRawType(describe("atomic", type -> type.getPackageName().equals("java.util.concurrent.atomic")))
                .should()
                .haveName("word"));
    }

    /// What is in one stays there with its class loader for as long as a user's thread lives; these hold
    /// what is the JDK's.
    @Test
    void four_classes_have_something_for_each_thread() {
        onlyThese(
                PUBLISHED,
                Set.of("BlockingWaiter", "Errors", "ForkedChildren", "Processes"),
                dependOnClassesThat(
                        describe("a thread's own variable", type -> type.isAssignableTo(ThreadLocal.class))));
    }

    /// Fails unless the classes that are named do what a condition says, each of them, and no others do.
    private static void onlyThese(JavaClasses all, Set<String> names, ArchCondition<JavaClass> condition) {
        noClasses()
                .that(are(describe(
                        "not named",
                        type -> names.stream().noneMatch(name -> named(name).test(type)))))
                .should(condition)
                .check(all);
        assertThat(names).allSatisfy(name -> requireOne(name, all.that(are(named(name))), condition));
    }

    /// Fails unless a class does what a condition says.
    private static void requireOne(String name, JavaClasses all, ArchCondition<JavaClass> condition) {
        assertThat(!all.isEmpty() && noClasses().should(condition).evaluate(all).hasViolation())
                .as("%s is named in vain: should %s", name, condition.getDescription())
                .isTrue();
    }

    /// @param name the end of a class's name, such as `StreamSocket$HeadFirst`, with what is nested in it
    private static DescribedPredicate<JavaClass> named(String name) {
        return describe(name, type -> (type.getName() + "$").contains("." + name + "$"));
    }

    /// By a call or a reference.
    private static ArchCondition<JavaClass> accessing(String what, Predicate<AccessTarget> target) {
        return accessTargetWhere(describe(what, (JavaAccess<?> access) -> target.test(access.getTarget())));
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
