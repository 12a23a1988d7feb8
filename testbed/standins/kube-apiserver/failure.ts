import { qualified, type Resource } from "./resources.ts";

interface Details {
  name?: string;
  group?: string;
  kind?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** One field an object was refused for. */
export interface Cause {
  reason: "FieldValueRequired" | "FieldValueInvalid" | "FieldValueNotSupported";
  message: string;
  field: string;
}

/** A request refused; sent as the Status object that 1.5.2 sends (its pkg/api/errors), with the same wording. */
export class Failure extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Details;

  constructor(code: number, reason: string, message: string, details: Details = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  status(): object {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(Object.keys(this.details).length > 0 && { details: this.details }),
      code: this.code,
    };
  }
}

const named = (resource: Resource, name: string): Details => ({
  name,
  ...(resource.group && { group: resource.group }),
  kind: resource.name,
});

export const notFound = (resource: Resource, name: string): Failure =>
  new Failure(404, "NotFound", `${qualified(resource)} "${name}" not found`, named(resource, name));

export const alreadyExists = (resource: Resource, name: string): Failure =>
  new Failure(409, "AlreadyExists", `${qualified(resource)} "${name}" already exists`, named(resource, name));

export const conflict = (
  resource: Resource,
  name: string,
  why = "the object has been modified; please apply your changes to the latest version and try again",
): Failure =>
  new Failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    named(resource, name),
  );

export const forbidden = (resource: Resource, name: string, why: string): Failure =>
  new Failure(
    403,
    "Forbidden",
    `${qualified(resource)} "${name}" is forbidden: ${why}`,
    named(resource, name),
  );

export const badRequest = (message: string): Failure => new Failure(400, "BadRequest", message);

export const unknownPath = (): Failure =>
  new Failure(404, "NotFound", "the server could not find the requested resource");

export const notSupported = (method: string, resource: Resource): Failure =>
  new Failure(
    405,
    "MethodNotAllowed",
    `${method} is not supported on resources of kind "${qualified(resource)}"`,
  );

export const internal = (message: string): Failure =>
  new Failure(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field: "" }],
  });

/** "Service "frontend" is invalid: spec.type: Unsupported value: …"; several causes stand in brackets. */
export function invalid(resource: Resource, name: string, causes: Cause[]): Failure {
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const all = texts.length === 1 ? texts.join() : `[${texts.join(", ")}]`;
  return new Failure(422, "Invalid", `${kind} "${name}" is invalid: ${all}`, {
    name,
    ...(resource.group && { group: resource.group }),
    kind: resource.kind,
    causes,
  });
}

export const required = (field: string, detail = ""): Cause => ({
  reason: "FieldValueRequired",
  message: `Required value${detail && `: ${detail}`}`,
  field,
});

export const invalidValue = (field: string, value: unknown, detail: string): Cause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
  field,
});

export const unsupported = (field: string, value: unknown, supported: string[]): Cause => ({
  reason: "FieldValueNotSupported",
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.join(", ")}`,
  field,
});
