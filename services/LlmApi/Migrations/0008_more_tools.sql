-- Tools that mcp-tools has beside those of 0006, so that administrators can describe them, switch them off and say what is disallowed.
INSERT INTO mcp_tools (tool_key, public_id, name, category, description) VALUES
    ('file_search_list', 'mcp_file_search_list_001', 'List documents', 'file_search',
     'Lists the documents in the search index.'),
    ('file_search_delete', 'mcp_file_search_delete_001', 'Remove a document', 'file_search',
     'Removes a document from the search index.'),
    ('memory_retrieve', 'mcp_memory_retrieve_001', 'Recall memories', 'memory',
     'Finds what is remembered of the user, the project and earlier conversations that bears on a question.'),
    ('python_exec', 'mcp_python_exec_001', 'Run code', 'code_execution',
     'Runs a program in a sandbox and returns what it prints and the files that it makes.')
ON CONFLICT (tool_key) DO NOTHING;

-- Whether an administrator has described the tool. What is seeded is for people who look at the list; models are told mcp-tools' own.
ALTER TABLE mcp_tools ADD COLUMN is_described boolean NOT NULL DEFAULT false;

-- What 0006 did not seed is an administrator's.
UPDATE mcp_tools SET is_described = true WHERE updated_by IS NOT NULL AND (tool_key, description) NOT IN (VALUES
    ('google_search', 'Searches the web and returns results with titles, addresses and snippets, to be cited.'),
    ('scrape', 'Fetches a web page and returns its text, for pages found by a search or named by the user.'),
    ('file_search_index', 'Adds a text to the search index, so that it can be found by meaning later.'),
    ('file_search_query', 'Finds passages of indexed documents by meaning.'),
    ('generate_image', 'Makes an image from a description.'),
    ('edit_image', 'Changes an image as described.'));
