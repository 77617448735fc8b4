using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Python;

/// <summary>
/// <c>python_exec</c> as clients and models see it. Further arguments are accepted: callers of the reference system send ids of theirs
/// along. Optional arguments may be null, as models like to write them.
/// </summary>
internal static class PythonDefinition
{
    public const string Name = "python_exec";

    /// <param name="requiresApproval">Whether a client should ask its user before each call; it then sends <c>approved</c>.</param>
    public static Tool Create(bool requiresApproval) => new()
    {
        Name = Name,
        Title = "Run code",
        Description = "Runs a program in a sandbox without network and returns what it prints, its return code and the files it writes. Use it to "
            + "calculate, to work on data and files, and to draw (save figures as PNG files). Print what you want to see. Nothing is kept between "
            + "calls unless session_id is given.",
        InputSchema = ToolSchema.Parse(Input),
        OutputSchema = ToolSchema.Parse(Output),
        Annotations = new() { Title = "Run code", ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = false },
        Meta = requiresApproval ? new() { [ToolMeta.RequireApproval] = "always" } : null,
    };

    private static ReadOnlySpan<byte> Input => """
        {
          "type": "object",
          "properties": {
            "code": {"type": "string", "minLength": 1, "maxLength": 200000, "description": "The program. It begins in an empty working folder; files it writes there are returned."},
            "language": {"type": ["string", "null"], "enum": ["python", "bash", "javascript", null], "default": "python", "description": "The language of the program."},
            "session_id": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9_-]{0,64}$", "description": "Python only: keeps variables and files for later calls. 'new' begins a session and the result tells its id, which goes on with it; a name of your own begins or goes on with the session of that name. A session ends some minutes after its last use."},
            "timeout_seconds": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 3600, "description": "How many seconds the program may take; then it is ended."},
            "stdin": {"type": ["string", "null"], "maxLength": 1000000, "description": "What the program reads from its standard input. Not in a session."},
            "files": {
              "type": ["array", "null"],
              "maxItems": 32,
              "description": "Files to put into the working folder first.",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string", "minLength": 1, "maxLength": 255, "description": "Its path in the working folder, such as data/table.csv."},
                  "content": {"type": "string", "description": "Its content as text."},
                  "content_base64": {"type": "string", "description": "Its content as Base64, in the place of content."},
                  "media_id": {"type": "string", "description": "The id (jan_…) of a stored file of the user, in the place of content."}
                },
                "required": ["name"]
              }
            },
            "output_files": {"type": ["array", "null"], "items": {"type": "string", "minLength": 1, "maxLength": 255}, "maxItems": 32, "description": "Files to return beside those that are new or changed, such as an input file."},
            "approved": {"type": ["boolean", "null"], "description": "true when the user has agreed to this code being run. Only needed where the server asks for it."}
          },
          "required": ["code"]
        }
        """u8;

    private static ReadOnlySpan<byte> Output => """
        {
          "type": "object",
          "properties": {
            "language": {"type": "string", "description": "The language that was run."},
            "stdout": {"type": "string", "description": "What the program printed."},
            "stderr": {"type": "string", "description": "What it printed as errors, with the traceback of an exception."},
            "result": {"type": "string", "description": "In a session: the value of the last expression, as Python shows it."},
            "return_code": {"type": ["integer", "null"], "description": "0 when the program ended well; null when it was ended because its time was over."},
            "duration_ms": {"type": "integer", "description": "How long it took."},
            "session_id": {"type": ["string", "null"], "description": "The session to go on with; null when nothing is kept."},
            "session_created": {"type": "boolean", "description": "Whether the session began with this call, so that nothing of earlier calls is there."},
            "artifacts": {
              "type": "array",
              "description": "Files that the program wrote: as a link, or as Base64 when small.",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "mime_type": {"type": "string"},
                  "bytes": {"type": "integer"},
                  "media_id": {"type": "string"},
                  "url": {"type": "string"},
                  "base64": {"type": "string"}
                },
                "required": ["name", "mime_type", "bytes"]
              }
            },
            "left_out": {
              "type": "array",
              "description": "Files that are not returned, and why.",
              "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "bytes": {"type": "integer"}, "reason": {"type": "string"}},
                "required": ["name", "reason"]
              }
            },
            "error": {"type": ["string", "null"], "description": "Why the program did not end well; null when it did."},
            "note": {"type": "string", "description": "What else there is to know about the call."},
            "stdout_truncated": {"type": "boolean"},
            "stderr_truncated": {"type": "boolean"}
          },
          "required": ["language", "stdout", "stderr", "return_code", "duration_ms", "session_id", "artifacts", "error", "stdout_truncated", "stderr_truncated"]
        }
        """u8;
}
