package dev.dyad.interop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.lang.foreign.Linker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The arrows between the rooms, and what only one of them may do.
class HouseRulesTest {

    private static final JavaClasses HOUSE = new ClassFileImporter().importPackages("dev.dyad");
    private static final String[] PUBLISHED = {
        "dev.dyad.posix..", "dev.dyad.socket..", "dev.dyad.process..", "dev.dyad.php..", "dev.dyad.cli.."
    };
    private static final String LINUX = "dev.dyad.posix.linux..";

    @Test
    void every_room_is_looked_at() {
        Set<String> rooms = HOUSE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

        assertThat(rooms)
                .contains(
                        "dev.dyad.posix",
                        "dev.dyad.posix.linux",
                        "dev.dyad.socket",
                        "dev.dyad.process",
                        "dev.dyad.php",
                        "dev.dyad.cli",
                        "dev.dyad.interop");
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
                .layer("php")
                .definedBy("dev.dyad.php..")
                .layer("cli")
                .definedBy("dev.dyad.cli..")
                .layer("verify")
                .definedBy("dev.dyad.interop..")
                .whereLayer("posix")
                .mayOnlyBeAccessedByLayers("socket", "process", "php", "cli")
                .whereLayer("socket")
                .mayOnlyBeAccessedByLayers("process", "php", "cli", "verify")
                .whereLayer("process")
                .mayOnlyBeAccessedByLayers("php", "cli", "verify")
                .whereLayer("php")
                .mayOnlyBeAccessedByLayers("cli", "verify")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer());
    }

    @Test
    void only_the_door_names_what_is_in_a_systems_room() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(LINUX)
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.Platform")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.NoPlatform") // which has Linux's numbers
                .should()
                .dependOnClassesThat(are(resideInAPackage(LINUX))));
    }

    @Test
    void only_one_class_links() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.dyad.posix.Linking")
                .should()
                .callMethodWhere(target(
                        owner(describe("java.lang.foreign.Linker", type -> type.isEquivalentTo(Linker.class))))));
    }

    @Test
    void what_is_published_depends_on_the_jdk_alone() {
        check(classes()
                .that()
                .resideInAnyPackage("dev.dyad.posix..", "dev.dyad.socket..", "dev.dyad.process..", "dev.dyad.php..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net..",
                        "javax.tools..",
                        "jdk.net..",
                        "com.sun.source..",
                        "dev.dyad..",
                        "org.jspecify.."));
    }

    @Test
    void nobody_sleeps() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
        check(noClasses().should().callMethod(Thread.class, "sleep", Duration.class));
    }

    @Test
    void only_one_class_makes_threads() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PUBLISHED)
                .and()
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

    /// What is in one stays there with its class loader for as long as a user's thread lives; these hold
    /// what is the JDK's.
    @Test
    void four_classes_have_something_for_each_thread() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PUBLISHED)
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.socket.waiting.WakeSignal")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.Errors")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.Children")
                .and()
                .doNotHaveFullyQualifiedName("dev.dyad.php.Processes")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class));
    }

    private static void check(ArchRule rule) {
        rule.check(HOUSE);
    }
}
