package io.engram.client.network;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How this client is started once more, in a process of its own: the same JVM, classes and settings, but its own heap. */
final class ChildJvm {

    private static final String MAIN = "io.engram.client.cli.Main";

    /** Settings of this process that a child must not have: heap, collector, what debuggers and profilers attach to. */
    private static final List<String> OWN = List.of("-Xm", "-XX:+Use", "-agentlib:", "-agentpath:", "-javaagent:");

    /** What the user asked for goes last, so that it counts. */
    private static final String USER_OPTIONS = "ENGRAM_JAVA_OPTS";

    private ChildJvm() {}

    /**
     * @param options heap and further options of the JVM; those of the user go before them
     * @param arguments as on the command line of the client
     */
    static List<String> command(RunOptions options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> OWN.stream().noneMatch(argument::startsWith))
                .forEach(command::add);
        command.add("-XX:+UseSerialGC");
        command.add("-Xms32m");
        command.add("-Xmx" + options.heapMegabytes() + "m");
        command.addAll(options.jvmOptions());
        command.add("-D" + ParentWatch.PROPERTY + "=" + ProcessHandle.current().pid());
        Stream.of(System.getenv().getOrDefault(USER_OPTIONS, "").split("\\s+"))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        command.add(MAIN);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    /** The child has another working directory. */
    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
