package dev.dyad.interop.trace;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMStartEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The methods above the system calls that the thread of a call enters, in their order, as a debugger sees them.
///
/// `main` prints how many they are; with an argument, each of them.
public final class CallTrace {

    private static final String PACKAGES = "dev.dyad.*";
    private static final String MARKS = TracedCalls.class.getName();
    private static final Set<String> LEFT_OUT = Set.of("dev.dyad.posix", "dev.dyad.interop", "dev.dyad.harness");

    private final Map<Traced, List<String>> entered = new EnumMap<>(Traced.class);
    private final Iterator<Traced> next = List.of(Traced.values()).iterator();
    private @Nullable List<String> now;

    private CallTrace() {}

    public static void main(String[] arguments) throws Exception {
        System.out.printf("%-44s %6s %6s %8s%n", "methods entered", "calls", "files", "changes");
        CallTrace.take().entered.forEach((what, methods) -> {
            System.out.printf(
                    "%-44s %6d %6d %8d%n",
                    what.title, methods.size(), files(methods).size(), changes(methods));
            if (arguments.length > 0) {
                methods.forEach(method -> System.out.println("    " + method));
            }
        });
    }

    /// Runs the program and returns, for each call, the methods as `File.method`.
    static CallTrace take() throws Exception {
        var trace = new CallTrace();
        VirtualMachine program = launch();
        try {
            while (true) {
                var events = program.eventQueue().remove();
                for (Event event : events) {
                    trace.see(program, event);
                }
                events.resume();
            }
        } catch (VMDisconnectedException over) {
            return trace;
        }
    }

    List<String> methods(Traced what) {
        return entered.getOrDefault(what, List.of());
    }

    static Set<String> files(List<String> methods) {
        var files = new TreeSet<String>();
        methods.forEach(method -> files.add(file(method)));
        return files;
    }

    static int changes(List<String> methods) {
        int changes = 0;
        for (int i = 1; i < methods.size(); i++) {
            changes += file(methods.get(i)).equals(file(methods.get(i - 1))) ? 0 : 1;
        }
        return changes;
    }

    private static String file(String method) {
        return method.substring(0, method.indexOf('.'));
    }

    private static VirtualMachine launch() throws Exception {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("home").setValue(System.getProperty("java.home"));
        arguments
                .get("options")
                .setValue("--enable-native-access=ALL-UNNAMED -Ddyad.spin=off -cp \""
                        + System.getProperty("java.class.path") + "\"");
        arguments.get("main").setValue(MARKS);
        return connector.launch(arguments);
    }

    private void see(VirtualMachine program, Event event) throws IOException {
        if (event instanceof VMStartEvent) {
            MethodEntryRequest request = program.eventRequestManager().createMethodEntryRequest();
            request.addClassFilter(PACKAGES);
            request.setSuspendPolicy(EventRequest.SUSPEND_NONE);
            request.enable();
        } else if (event instanceof MethodEntryEvent entry
                && entry.thread().name().equals("main")) {
            enter(program, entry.method());
        }
    }

    private void enter(VirtualMachine program, Method method) throws IOException {
        String type = method.declaringType().name();
        if (type.equals(MARKS)) {
            mark(method.name(), program);
        } else if (now != null && isRead(type)) {
            now.add(type.substring(type.lastIndexOf('.') + 1).replaceAll("\\$.*", "") + "." + method.name());
        }
    }

    /// Whether a reader meets it: what the JVM makes of a lambda calls a method that is there.
    private static boolean isRead(String type) {
        return !type.contains("$$Lambda") && LEFT_OUT.stream().noneMatch(type::startsWith);
    }

    private void mark(String name, VirtualMachine program) throws IOException {
        if (name.equals("begin")) {
            now = new ArrayList<>();
            entered.put(next.next(), now);
        } else if (name.equals("end")) {
            now = null;
        } else if (name.equals("over")) {
            program.process().getOutputStream().close();
        }
    }
}
