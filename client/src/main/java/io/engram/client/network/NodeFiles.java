package io.engram.client.network;

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

    /** What the node's process prints when it is run with the network. */
    public Path log() {
        return folder.resolve("node.log");
    }

    /** The folder's name, which is the node's. */
    public String name() {
        return folder.getFileName().toString();
    }
}
