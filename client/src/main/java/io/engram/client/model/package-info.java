/** Model files of this node and what the registry contract says about models. */
@NullMarked
package io.engram.client.model;

import org.jspecify.annotations.NullMarked;
