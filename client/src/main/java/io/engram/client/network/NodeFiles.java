package io.engram.client.network;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of one node of a network.
 *
 * @param folder holds everything of this node and is its working directory
 */
public record NodeFiles(Path folder) {

    /** The configuration file, whose relative paths start at the folder. */
    public Path config() {
        return folder.resolve("config.toml");
    }

    /** The node's data path. */
    public Path data() {
        return folder.resolve("data");
    }

    /** The node's private key. */
    public Path key() {
        return data().resolve("key");
    }

    /** The models that the node holds. */
    public Path models() {
        return data().resolve("models");
    }

    /** What the node's process prints when it is run with the network. */
    public Path log() {
        return folder.resolve("node.log");
    }

    /** What it printed before that, when the log had become long. */
    Path olderLog() {
        return folder.resolve("node.log.1");
    }

    /** @throws IOException when the configuration file cannot be read */
    public NodePorts ports() throws IOException {
        return NodePorts.read(config());
    }

    /** The folder's name, which is the node's. */
    public String name() {
        return folder.getFileName().toString();
    }
}
